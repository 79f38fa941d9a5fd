import type { DataSource, EntityTarget, FindOptionsWhere, ObjectLiteral } from 'typeorm';
import { type FindOperator, InstanceChecker } from 'typeorm';
import { Sql, type Value } from './sql';

/**
 * A condition of TypeORM's finders as a fragment of SQL, so that both share one definition. Supported are values,
 * `IsNull` and `MoreThan`.
 *
 * @param alias of the table in the statement.
 */
export function conditionSql<T extends ObjectLiteral>(
  on: DataSource,
  entity: EntityTarget<T>,
  where: FindOptionsWhere<T>,
  alias: Sql,
): Sql {
  const { columns } = on.getMetadata(entity);
  const [texts, values]: [string[], Value[]] = [[], []];
  for (const property of Object.keys(where)) {
    const column = columns.find(({ propertyName }) => propertyName === property)!;
    const stored = (value: unknown) => on.driver.preparePersistentValue(value, column) as Value;
    const { text, values: compared } = comparison(where[property], stored);
    texts.push(`${alias.text}.${column.databaseName} ${text}`);
    values.push(...compared);
  }
  return new Sql(texts.join(' AND '), values);
}

const IS_NULL = new Sql('IS NULL', []);

function comparison(condition: unknown, stored: (value: unknown) => Value): Sql {
  if (!InstanceChecker.isFindOperator(condition)) return new Sql('= ?', [stored(condition)]);
  const { type, value } = condition as FindOperator<unknown>;
  if (type === 'isNull') return IS_NULL;
  if (type === 'moreThan') return new Sql('> ?', [stored(value)]);
  throw new Error(`Raw SQL does not know the operator ${type}.`);
}
