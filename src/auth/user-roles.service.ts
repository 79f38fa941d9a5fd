import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource, type EntityManager, IsNull, Not } from 'typeorm';
import { ChangesService } from '../audit/changes.service';
import { ApiException } from '../common/errors';
import { Env } from '../config/env';
import { SessionsService } from '../sessions/sessions.service';
import { retrying } from '../storage/retrying';
import { isCollision } from '../storage/sql-errors';
import { TANDEM } from '../storage/tandem';
import { type Authority, PrivilegesService } from '../users/privileges.service';
import { OPERATOR_ROLES, rolesOf, rolesText } from '../users/roles';
import { User } from '../users/user.entity';

/** What the roles of a user become, by what they are. */
type RoleChange = (current: readonly string[]) => readonly string[];

/** Gives users roles and takes them away. */
@Injectable()
export class UserRolesService {
  constructor(
    private readonly changes: ChangesService,
    @InjectDataSource(TANDEM) private readonly dataSource: DataSource,
    private readonly env: Env,
    private readonly privileges: PrivilegesService,
    private readonly sessions: SessionsService,
  ) {}

  /**
   * Changes the roles of a user and ends their sessions: tokens say what they may. One that changes nothing ends nothing.
   *
   * @returns the roles of before and after.
   * @throws ApiException `NOT_FOUND`, `FORBIDDEN`, `LAST_ADMIN`, or `VALIDATION_FAILED` for a role that there is not, for
   *   the user of a test number, and for one of operators without a password.
   */
  async change(
    userId: string,
    to: RoleChange,
    by: Authority,
  ): Promise<[before: string[], after: string[]]> {
    const change = async (manager: EntityManager) => {
      const user = await this.privileges.lock(manager, userId, by);
      const roles = [...to(user.roles)];
      this.assertUsable(user, roles);
      await this.assertHasPassword(manager, user, roles);
      const ended = await this.apply(manager, user, roles, by);
      return { ended, before: user.roles, after: rolesOf(rolesText(roles)) };
    };
    const { ended, before, after } = await retrying(
      () => this.dataSource.transaction(change),
      isCollision,
    );
    this.sessions.revoke(ended);
    return [before, after];
  }

  private async apply(
    manager: EntityManager,
    user: User,
    roles: string[],
    by: Authority,
  ): Promise<string[]> {
    if (rolesText(roles) === rolesText(user.roles)) return [];
    if (!roles.includes('admin')) await this.privileges.assertNotLastAdmin(manager, user);
    await manager.update(User, { id: user.id }, { roles });
    await this.changes.write(manager, {
      ...told(by),
      userId: user.id,
      detail: { before: user.roles, after: roles },
    });
    return this.sessions.endAll(manager, user.id, { ...by, reason: 'roles_changed' });
  }

  private assertUsable(user: User, roles: readonly string[]): void {
    const known: readonly string[] = [...OPERATOR_ROLES, ...this.env.ROLES];
    const unknown = roles.filter((role) => !known.includes(role) && !user.roles.includes(role));
    if (unknown.length > 0) {
      throw refusal(`roles knows no ${unknown.join(' or ')}, only ${known.join(', ')}`);
    }
    if (roles.length > 0 && this.privileges.isTestNumber(user)) {
      throw refusal('the number of the user is a test number, whose code is no secret');
    }
  }

  /** Their number alone would open everything else: whoever gets it sets the first. */
  private async assertHasPassword(
    manager: EntityManager,
    user: User,
    roles: readonly string[],
  ): Promise<void> {
    const isNew = (role: string) => roles.includes(role) && !user.roles.includes(role);
    if (!OPERATOR_ROLES.some(isNew)) return;
    if (await manager.existsBy(User, { id: user.id, passwordHash: Not(IsNull()) })) return;
    throw refusal('the user has no password, which operators need beside their number');
  }
}

const refusal = (message: string) => new ApiException('VALIDATION_FAILED', { message: [message] });

const told = ({ actor, origin, reason }: Authority) =>
  ({ action: 'roles.changed', actor, origin, reason }) as const;
