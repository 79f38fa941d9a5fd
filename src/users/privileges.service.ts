import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource, type EntityManager, In, type QueryRunner } from 'typeorm';
import type { By } from '../audit/change';
import { Clock } from '../common/clock';
import { ApiException } from '../common/errors';
import { Env } from '../config/env';
import { nameIn } from '../storage/queries';
import { execute } from '../storage/runner';
import { type Integer, raw, type Sql, sql } from '../storage/sql';
import { TANDEM } from '../storage/tandem';
import { USER_STATUSES } from './reserved-number';
import { User } from './user.entity';

/** Whoever changes a user. */
export interface Authority extends By {
  /** Of an operator: only admins act on users with roles. */
  readonly isAdmin?: boolean;
}

/** Active admins who are to stay, by `ix_users_roles`: their role is the first of all that a user has, and a space comes before `!`. */
const IS_ADMIN = raw(
  `roles >= 'admin' AND roles < 'admin!' AND status = 'active' AND deletion_at IS NULL`,
);

/** Protects users with roles in the transactions that change them. */
@Injectable()
export class PrivilegesService {
  private readonly table: Sql;

  constructor(
    private readonly clock: Clock,
    private readonly env: Env,
    @InjectDataSource(TANDEM) dataSource: DataSource,
  ) {
    this.table = nameIn(dataSource, 'users');
  }

  /**
   * Locks a user who is about to be changed.
   *
   * @throws ApiException `NOT_FOUND`, or `FORBIDDEN` for a user with roles.
   */
  async lock(manager: EntityManager, id: string, by: Authority): Promise<User> {
    // Locked first: whatever is read now is true until the commit.
    const which = { id, status: In([...USER_STATUSES]) };
    const { affected } = await manager.update(User, which, { updatedAt: this.clock.date() });
    const user = affected ? await manager.findOneBy(User, { id }) : null;
    if (!user) throw new ApiException('NOT_FOUND');
    this.assertMayActOn(user, by);
    return user;
  }

  /** @throws ApiException `FORBIDDEN` for a user with roles, but for admins. */
  assertMayActOn({ roles }: Pick<User, 'roles'>, { actor, isAdmin = false }: Authority): void {
    const isAllowed = actor.kind !== 'operator' || isAdmin;
    if (roles.length > 0 && !isAllowed) throw new ApiException('FORBIDDEN');
  }

  /**
   * To be asked before a locked user stops to be an admin, to be active, or to have the number. Another admin is
   * written to: of transactions that take two admins from each other one fails, on a cluster, too.
   *
   * @throws ApiException `LAST_ADMIN`.
   */
  async assertNotLastAdmin({ queryRunner }: EntityManager, user: User): Promise<void> {
    const counts = user.status === 'active' && user.deletionAt === null;
    if (!counts || !user.roles.includes('admin')) return;
    for (const witness of await this.otherAdmins(queryRunner!, user.id)) {
      const kept = await execute(
        queryRunner!,
        sql`UPDATE ${this.table} SET updated_at = updated_at + 1 WHERE id = ${witness} AND ${IS_ADMIN}`,
      );
      if (kept === 1) return;
    }
    throw new ApiException('LAST_ADMIN');
  }

  /** Whether a number has a code that is no secret. */
  isTestNumber({ mobile }: Pick<User, 'mobile'>): boolean {
    return this.env.TEST_NUMBERS.some((number) => number.mobile === mobile);
  }

  private async otherAdmins(runner: QueryRunner, id: string): Promise<string[]> {
    const rows = await execute(
      runner,
      sql`SELECT id FROM ${this.table} WHERE ${IS_ADMIN} AND id <> ${id} ORDER BY roles, id LIMIT 5`,
    );
    return (rows as { id: Integer }[]).map((row) => String(row.id));
  }
}
