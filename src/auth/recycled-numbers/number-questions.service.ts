import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import type { Challenge } from '../../codes/challenge.entity';
import { UsedCodeError } from '../../codes/challenge-store';
import { ApiException } from '../../common/errors';
import type { E164 } from '../../common/phone-number';
import type { Caller } from '../../contract/caller.decorator';
import { describeClient } from '../../sessions/client-device';
import { Session, SPENT } from '../../sessions/session.entity';
import { SessionsService } from '../../sessions/sessions.service';
import { change, nameIn } from '../../storage/queries';
import { retrying } from '../../storage/retrying';
import { join, raw, sql } from '../../storage/sql';
import { sqlNow } from '../../storage/sql-clock';
import { TANDEM } from '../../storage/tandem';
import { User } from '../../users/user.entity';
import { UsersService } from '../../users/users.service';
import { isConsumedChallenge, isWorthRetrying } from '../challenge-errors';
import { LoginMarksService } from '../login-marks.service';
import { ClaimTicketsService } from '../mobile-changes/claim-tickets.service';
import { NumberClaimsService } from '../mobile-changes/number-claims.service';
import type { LoginMark } from '../refresh-clients.service';

/** A right code that opened nothing: for a number that is kept, or that may have changed hands. */
export interface ProvedNumber {
  /** Of the session that holds its challenge, and never lived. */
  readonly id: string;
  /** The user, or the change that keeps the number. */
  readonly accountId: string;
  readonly mobile: E164;
  readonly at: Date;
}

/** Somebody who has been asked, and the user who has the number. */
export interface Asked {
  readonly proofId: string;
  readonly user: User;
  readonly mobile: E164;
}

/** Asks who has proved a number that is another's, or was, whose it is: with a ticket for the answer, and nothing of the account. */
@Injectable()
export class NumberQuestionsService {
  constructor(
    private readonly claims: NumberClaimsService,
    @InjectDataSource(TANDEM) private readonly dataSource: DataSource,
    private readonly marks: LoginMarksService,
    private readonly sessions: SessionsService,
    private readonly tickets: ClaimTicketsService,
    private readonly users: UsersService,
  ) {}

  /**
   * The question, once the code is used in SQL as it would be by a login.
   *
   * @throws UsedCodeError when another login consumed the challenge.
   */
  async ask(
    accountId: string,
    { id: challengeId, mobile }: Challenge,
    caller: Caller,
    mark?: LoginMark,
  ): Promise<ApiException> {
    const spend = () => this.spend(accountId, challengeId, caller, mark);
    const proof = await retrying(spend, isWorthRetrying).catch((error: unknown) => {
      throw isConsumedChallenge(error) ? new UsedCodeError() : error;
    });
    return this.questionOf({ ...proof, accountId, mobile });
  }

  /** The same again, byte for byte, for who did not get it. */
  async questionOf({ id, accountId, mobile, at }: ProvedNumber): Promise<ApiException> {
    if (!(await this.users.findById(accountId))) return this.claims.refusalOf(accountId, at);
    const ticket = this.tickets.issue({ id, state: stateOf(mobile) }, at);
    return new ApiException('NUMBER_PERHAPS_REASSIGNED', { details: { ticket } });
  }

  /** Who holds the ticket of such a question; null for one that is over, or of another kind. */
  async find(ticket: string): Promise<Asked | null> {
    const proofId = this.proofIdIn(ticket) ?? '0';
    const user = await this.dataSource.manager
      .createQueryBuilder(User, 'u')
      .innerJoin(Session, 's', 's.user_id = u.id')
      .where('s.id = :proofId AND s.end_reason = :spent', { proofId, spent: SPENT })
      .getOne();
    const mobile = user?.mobile;
    if (!mobile || !this.tickets.isFor(ticket, { id: proofId, state: stateOf(mobile) }))
      return null;
    return { proofId, user, mobile };
  }

  /** Of which proof it may be: {@link find} decides. */
  proofIdIn(ticket: string): string | undefined {
    return this.tickets.idIn(ticket);
  }

  /** Without device and network: who proved the number may be somebody else than who reads about the account. */
  private async spend(userId: string, challengeId: string, caller: Caller, mark?: LoginMark) {
    const table = nameIn(this.dataSource, 'sessions');
    const marks = this.marks.tracesOf(mark);
    const { row } = this.sessions.newSession(challengeId, describeClient(caller), marks);
    const values = { ...row, device: null, network: '', user_id: userId, end_reason: SPENT };
    const columns = raw(Object.keys(values).join(', '));
    await change(
      this.dataSource,
      sql`INSERT INTO ${table} (${columns}, ended_at)
        VALUES (${join(Object.values(values))}, ${sqlNow(this.dataSource)})`,
    );
    return { id: row.id, at: new Date(row.created_at) };
  }
}

/** A ticket holds for one number: for none that the account has got since. */
const stateOf = (mobile: E164) => `reassigned ${mobile}`;
