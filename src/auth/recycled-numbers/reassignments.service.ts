import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource, type EntityManager } from 'typeorm';
import { ANONYMOUS, type By } from '../../audit/change';
import { originOf, ownChange } from '../../audit/origin';
import { type Attempt, RefusalsService } from '../../audit/refusals.service';
import { BlockGuardService } from '../../codes/blocks/block-guard.service';
import { LimiterService } from '../../codes/limiter.service';
import { Clock } from '../../common/clock';
import { ApiException } from '../../common/errors';
import { Env } from '../../config/env';
import type { Caller } from '../../contract/caller.decorator';
import { noteSubject } from '../../contract/request-subject';
import { SessionsService } from '../../sessions/sessions.service';
import { together } from '../../storage/queries';
import { retrying } from '../../storage/retrying';
import { sql } from '../../storage/sql';
import { isCollision } from '../../storage/sql-errors';
import { TANDEM } from '../../storage/tandem';
import { laneOf } from '../../users/password-lanes';
import { PasswordsService } from '../../users/passwords.service';
import { TermsService } from '../../users/terms.service';
import type { User } from '../../users/user.entity';
import { UsersService } from '../../users/users.service';
import type { Claims } from '../claims';
import { CredentialQueries } from '../credential.queries';
import type { ReassignedDto } from '../dto/reassigned.dto';
import type { CodeTokenPairDto } from '../dto/tokens.dto';
import { CodeGrantsService, type CodeSession } from '../code-grants.service';
import { HooksService } from '../hooks.service';
import { RegistrationQueries } from '../registration.queries';
import { NumberClaimsService } from '../mobile-changes/number-claims.service';
import { OwnPasswordService } from '../own-password.service';
import type { LoginMark } from '../refresh-clients.service';
import { TokenPairsService } from '../token-pairs.service';
import { DetachmentsService } from './detachments.service';
import { DormancyService } from './dormancy.service';
import { InheritancesService } from './inheritances.service';
import { type Asked, NumberQuestionsService } from './number-questions.service';

/** Who answers, and what the session that they get is known by. */
interface Answering {
  readonly asked: Asked;
  readonly caller: Caller;
  /** In the place of a challenge: of any number of answers to one question one opens a session. */
  readonly challengeId: string;
  readonly mark?: LoginMark;
}

type Opened = readonly [session: CodeSession, claims?: Claims];

/** Takes the answer to `NUMBER_PERHAPS_REASSIGNED`: whether the account of the number is that of who proved it. */
@Injectable()
export class ReassignmentsService {
  constructor(
    private readonly blocks: BlockGuardService,
    private readonly clock: Clock,
    private readonly claims: NumberClaimsService,
    private readonly credentials: CredentialQueries,
    @InjectDataSource(TANDEM) private readonly dataSource: DataSource,
    private readonly detachments: DetachmentsService,
    private readonly dormancy: DormancyService,
    private readonly env: Env,
    private readonly grants: CodeGrantsService,
    private readonly hooks: HooksService,
    private readonly inheritances: InheritancesService,
    private readonly limiter: LimiterService,
    private readonly registrations: RegistrationQueries,
    private readonly ownPassword: OwnPasswordService,
    private readonly passwords: PasswordsService,
    private readonly questions: NumberQuestionsService,
    private readonly refusals: RefusalsService,
    private readonly sessions: SessionsService,
    private readonly terms: TermsService,
    private readonly tokenPairs: TokenPairsService,
    private readonly users: UsersService,
  ) {}

  /**
   * @throws ApiException `INVALID_CODE` for a ticket that is none any more, `INVALID_CREDENTIALS`, `NUMBER_CLAIM_WAITS`,
   *   `NUMBER_CLAIM_REFUSED`, `NUMBER_MOVED`, `USER_DISABLED`, `LOGIN_REFUSED` or `TOO_MANY_REQUESTS`.
   */
  async answer(answer: ReassignedDto, caller: Caller, key?: string): Promise<CodeTokenPairDto> {
    this.terms.assertInForce(answer.terms_version);
    const attempt: Attempt = { action: 'login.refused', method: 'code', caller };
    return this.refusals.watch(attempt, async () => {
      const mark = key === undefined ? undefined : { key, handle: answer.ticket };
      const [session, claims] =
        (await this.repeated(answer, caller, mark)) ?? (await this.open(answer, attempt, mark));
      const { terms_version: terms } = answer;
      const { userId } = session;
      if (terms !== undefined) await this.terms.accept(userId, terms, ownChange(userId, caller));
      return Object.assign(await this.tokenPairs.pairOf(session, claims), {
        device_token: session.deviceToken,
        is_new_user: session.isNewUser,
      });
    });
  }

  /** The session of an answer that was lost, to who has its key. */
  private async repeated(
    { ticket }: ReassignedDto,
    caller: Caller,
    mark?: LoginMark,
  ): Promise<Opened | null> {
    const proofId = mark && this.questions.proofIdIn(ticket);
    if (!proofId) return null;
    const session = await this.grants.forClaimAgain(challengeIdOf(proofId), caller, mark);
    return session && [session];
  }

  private async open(answer: ReassignedDto, attempt: Attempt, mark?: LoginMark): Promise<Opened> {
    const { ticket, mine, password } = answer;
    const { caller } = attempt;
    const asked = await this.questions.find(ticket);
    if (!asked) return this.claims.disown(ticket, mine, caller);
    const { mobile, user, proofId } = asked;
    attempt.userId = user.id;
    noteSubject(caller, { mobile });
    this.blocks.assertFree('login', { mobile, address: caller.address });
    await this.limiter.take({ 'reassignments-per-number': mobile });
    this.assertAnswerable(user);
    const answering = { asked, caller, challengeId: challengeIdOf(proofId), mark };
    if (!mine) return this.openFresh(answering);
    return password === undefined ? this.inherit(answering) : this.keep(answering, password);
  }

  /** The account goes on with all that is in it: who knows its password and holds its number is its user. */
  private async keep(answering: Answering, password: string): Promise<Opened> {
    const { asked, caller, challengeId, mark } = answering;
    const { mobile, user } = asked;
    const { passwordHash } = (await this.credentials.ofUser(user.id)) ?? { passwordHash: null };
    const { address } = caller;
    await this.passwords.enqueue(laneOf('known', address, user.id), (turn) =>
      // Strangers use up no guesses of who holds the number.
      this.ownPassword.prove(
        { userId: user.id, sessionId: `of the number of ${user.id}` },
        { mobile, passwordHash },
        password,
        address,
        turn,
      ),
    );
    const claims = await this.hooks.beforeLoginOf(user.id, caller);
    const holder = sql`u.id = ${user.id} AND u.password_hash = ${passwordHash}`;
    const session = await this.grants.forMobile({ mobile, challengeId, mark, holder }, caller);
    return [session, claims];
  }

  private async inherit(answering: Answering): Promise<Opened> {
    const { asked, caller } = answering;
    if (this.env.RECYCLED_NUMBERS === 'strict') throw new ApiException('NUMBER_CLAIM_REFUSED');
    const claims = await this.hooks.beforeLoginOf(asked.user.id, caller);
    await this.assertClaimable(asked, caller);
    const session = await this.grants.inTransaction(answering, caller, async (manager, opening) => {
      const user = await this.lock(manager, asked);
      const available = await this.inheritances.claim(
        manager,
        user,
        asked.mobile,
        byNobody(caller),
      );
      if (available > this.clock.date()) throw waiting(available);
      const since = new Date(opening.session.row.created_at);
      const by = { ...byNobody(caller), since };
      const ended = await this.inheritances.inherit(manager, user, asked.mobile, by);
      await together(manager, ...statementsOf(this.registrations.firstSession(user.id, opening)));
      return { userId: user.id, isNewUser: false, ended };
    });
    return [session, claims];
  }

  /** @throws ApiException `NUMBER_CLAIM_WAITS`, once it is committed that somebody waits. */
  private async assertClaimable(asked: Asked, caller: Caller): Promise<void> {
    const claim = async (manager: EntityManager) => {
      const user = await this.lock(manager, asked);
      return this.inheritances.claim(manager, user, asked.mobile, byNobody(caller));
    };
    const available = await retrying(() => this.dataSource.transaction(claim), isCollision);
    if (available > this.clock.date()) throw waiting(available);
  }

  /** The account of before is nobody's but of who knows its password; the number begins anew. */
  private async openFresh(answering: Answering): Promise<Opened> {
    const { asked, caller } = answering;
    const { mobile } = asked;
    if (this.env.SIGNUP === 'closed') return this.detachOnly(asked, caller);
    await this.hooks.beforeRegistration(mobile, caller);
    const session = await this.grants.inTransaction(answering, caller, async (manager, opening) => {
      const user = await this.lock(manager, asked);
      const ended = await this.detachments.detach(manager, user, mobile, byNobody(caller));
      const { id: userId, statements } = this.registrations.registrationOf(mobile, opening);
      await together(manager, ...statementsOf(statements));
      return { userId, isNewUser: true, ended };
    });
    return [session];
  }

  /** Nobody signs up, but who says so may be brought in with the number. */
  private async detachOnly(asked: Asked, caller: Caller): Promise<never> {
    const detach = async (manager: EntityManager) => {
      const user = await this.lock(manager, asked);
      return this.detachments.detach(manager, user, asked.mobile, byNobody(caller));
    };
    this.sessions.revoke(await retrying(() => this.dataSource.transaction(detach), isCollision));
    throw new ApiException('INVALID_CODE', { reason: 'signup_closed' });
  }

  /** Whatever has become of the account since it was asked about: true until the commit. */
  private async lock(manager: EntityManager, { user: { id }, mobile }: Asked): Promise<User> {
    const user = await this.users.lock(manager, id);
    if (user?.mobile !== mobile) throw new ApiException('INVALID_CODE');
    this.assertAnswerable(user);
    return user;
  }

  /** Whoever logged in meanwhile has answered. Users with roles are left to the command line. */
  private assertAnswerable(user: User): void {
    if (user.status !== 'active') throw new ApiException('USER_DISABLED', { reason: 'disabled' });
    if (!this.dormancy.isDormant(user)) throw new ApiException('INVALID_CODE', { reason: 'used' });
    if (user.roles.length > 0) throw new ApiException('NUMBER_CLAIM_REFUSED');
  }
}

const challengeIdOf = (proofId: string) => `claim ${proofId}`;

const byNobody = (caller: Caller): By => ({ actor: ANONYMOUS, origin: originOf(caller) });

const waiting = (available_at: Date) =>
  new ApiException('NUMBER_CLAIM_WAITS', { details: { available_at } });

const statementsOf = (named: object) => Object.values(named);
