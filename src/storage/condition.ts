import type { DataSource, EntityTarget, FindOptionsWhere, ObjectLiteral } from 'typeorm';
import { type FindOperator, InstanceChecker } from 'typeorm';
import { join, raw, type Sql, sql, type Value } from './sql';

/**
 * A condition of TypeORM's finders as a piece of SQL, so that what both ask for is said once. It may hold values,
 * `IsNull` and `MoreThan`.
 *
 * @param alias what the statement calls the table.
 */
export function conditionSql<T extends ObjectLiteral>(
  on: DataSource,
  entity: EntityTarget<T>,
  where: FindOptionsWhere<T>,
  alias: Sql,
): Sql {
  const { columns } = on.getMetadata(entity);
  const comparisons = Object.entries(where).map(([property, condition]) => {
    const column = columns.find(({ propertyName }) => propertyName === property)!;
    const stored = (value: unknown) => on.driver.preparePersistentValue(value, column) as Value;
    return sql`${alias}.${raw(column.databaseName)} ${comparison(condition, stored)}`;
  });
  return join(comparisons, ' AND ');
}

function comparison(condition: unknown, stored: (value: unknown) => Value): Sql {
  if (!InstanceChecker.isFindOperator(condition)) return sql`= ${stored(condition)}`;
  const { type, value } = condition as FindOperator<unknown>;
  if (type === 'isNull') return sql`IS NULL`;
  if (type === 'moreThan') return sql`> ${stored(value)}`;
  throw new Error(`Raw SQL does not know the operator ${type}.`);
}
