import { Injectable } from '@nestjs/common';
import { ChangesService } from '../audit/changes.service';
import { originOf } from '../audit/origin';
import { RECENT_LOGIN_SECONDS } from '../auth/recent-login.service';
import { Clock } from '../common/clock';
import { ApiException, type ErrorCode } from '../common/errors';
import { isWithinAny, type Network, parseNetwork } from '../common/network';
import { clientAddress } from '../common/networks';
import { Env } from '../config/env';
import type { Caller } from '../contract/caller.decorator';
import type { Principal } from '../contract/current-user.decorator';
import { FACTORS, Session } from '../sessions/session.entity';
import { type Holder, SessionsService } from '../sessions/sessions.service';
import { DatabaseService } from '../storage/database.service';
import { PrivilegesService } from '../users/privileges.service';
import { isAllowed } from '../users/roles';
import type { User } from '../users/user.entity';
import { UsersService } from '../users/users.service';
import type { Access } from './access';
import type { OperatorCall } from './operator-calls.service';
import type { Operator } from './operator';

/** Decides who is an operator: by SQL, at every request, and not by what a token says. */
@Injectable()
export class OperatorsService {
  private readonly networks?: Network[];

  constructor(
    private readonly changes: ChangesService,
    private readonly clock: Clock,
    private readonly database: DatabaseService,
    env: Env,
    private readonly privileges: PrivilegesService,
    private readonly sessions: SessionsService,
    private readonly users: UsersService,
  ) {
    this.networks = env.ADMIN_NETWORKS?.map((network) => parseNetwork(network)!);
  }

  /**
   * @throws ApiException `UNAUTHORIZED` when the session has ended, `USER_DISABLED`, `FORBIDDEN`, or `STEP_UP_REQUIRED`.
   */
  async admit(principal: Principal, caller: Caller, access: Access): Promise<Operator> {
    const { userId, sessionId } = principal;
    if (!this.isFromHere(caller.address)) throw new ApiException('FORBIDDEN');
    const [user, session] = await Promise.all([
      this.users.findById(userId),
      this.sessions.findLive(principal),
    ]);
    const problem = this.problemOf(user, session, access);
    if (problem) return this.refuse(problem);
    const { roles } = user!;
    return {
      userId,
      sessionId,
      roles,
      isAdmin: isAllowed(roles, 'admin'),
      actor: { kind: 'operator', id: userId },
      origin: originOf(caller),
    };
  }

  /** Those who would be admitted now, too: two statements, however many they are. */
  async stillAdmitted<T extends Holder>(holders: T[], access: Access): Promise<T[]> {
    const [users, sessions] = await Promise.all([
      this.users.findAll(holders.map(({ userId }) => userId)),
      this.sessions.findAllLive(holders),
    ]);
    return holders.filter(({ userId, sessionId }) => {
      const user = users.find(({ id }) => id === userId);
      const session = sessions.find(({ id }) => id === sessionId);
      return this.problemOf(user, session, access) === undefined;
    });
  }

  /** Each call is on record before it does anything, also one that only looks. */
  async noteCall({ actor, origin, sessionId }: Operator, call: OperatorCall): Promise<void> {
    const { mobile, ...detail } = call;
    await this.changes.record({
      action: 'admin.called',
      actor,
      origin,
      sessionId,
      mobile,
      detail,
    });
  }

  private isFromHere(address: string): boolean {
    return !this.networks || isWithinAny(clientAddress(address), this.networks);
  }

  private problemOf(
    user: User | null | undefined,
    session: Session | null | undefined,
    access: Access,
  ): ErrorCode | undefined {
    if (user && user.status !== 'active') return 'USER_DISABLED';
    if (!user || !session) return 'UNAUTHORIZED';
    const isOperator = isAllowed(user.roles, access.role) && !this.privileges.isTestNumber(user);
    if (!isOperator) return 'FORBIDDEN';
    return this.isRaised(session, access) ? undefined : 'STEP_UP_REQUIRED';
  }

  /** A number alone opens nothing here: whoever takes it over has no password. */
  private isRaised(session: Session, { isRecent }: Access): boolean {
    const { factors } = session;
    const oldest = isRecent ? this.clock.now() - RECENT_LOGIN_SECONDS * 1000 : 0;
    return FACTORS.every((factor) => factors.includes(factor)) && +session.provedAt >= oldest;
  }

  private async refuse(code: ErrorCode): Promise<never> {
    await this.database.assertPrimary();
    throw new ApiException(code);
  }
}
