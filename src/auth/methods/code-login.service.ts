import { Injectable } from '@nestjs/common';
import { ownChange } from '../../audit/origin';
import { type Attempt, RefusalsService } from '../../audit/refusals.service';
import type { Challenge } from '../../codes/challenge.entity';
import { UsedCodeError } from '../../codes/challenge-store';
import { CodeVerifierService, type PresentedCode } from '../../codes/code-verifier.service';
import { ApiException } from '../../common/errors';
import { type E164, parseMobile } from '../../common/phone-number';
import { Env } from '../../config/env';
import type { Caller } from '../../contract/caller.decorator';
import { noteSubject } from '../../contract/request-subject';
import { type Sql, sql } from '../../storage/sql';
import type { Claims } from '../claims';
import type { CodeLoginDto } from '../dto/code-login.dto';
import type { CodeTokenPairDto } from '../dto/tokens.dto';
import { CodeGrantsService, type CodeSession } from '../code-grants.service';
import { HeldNumberException } from '../grants.service';
import { HooksService } from '../hooks.service';
import { OrderedChangesService } from '../mobile-changes/ordered-changes.service';
import { NumberLookupService } from '../recycled-numbers/number-lookup.service';
import {
  NumberQuestionsService,
  type ProvedNumber,
} from '../recycled-numbers/number-questions.service';
import type { LoginMark } from '../refresh-clients.service';
import type { LoginSession } from '../repeated-login.queries';
import { TermsService } from '../../users/terms.service';
import { TokenPairsService } from '../token-pairs.service';

/** With the terms that the user agrees to by it. */
interface Presented extends PresentedCode {
  readonly terms?: string;
}

/** Logging in with a code from an SMS. */
@Injectable()
export class CodeLoginService {
  constructor(
    private readonly codes: CodeVerifierService,
    private readonly env: Env,
    private readonly grants: CodeGrantsService,
    private readonly hooks: HooksService,
    private readonly lookup: NumberLookupService,
    private readonly orders: OrderedChangesService,
    private readonly questions: NumberQuestionsService,
    private readonly refusals: RefusalsService,
    private readonly terms: TermsService,
    private readonly tokenPairs: TokenPairsService,
  ) {}

  /** @throws ApiException `INVALID_CODE`, `USER_DISABLED`, `LOGIN_REFUSED`, `NUMBER_MOVED`, `NUMBER_PERHAPS_REASSIGNED`, `CAPTCHA_REQUIRED` or `TOO_MANY_REQUESTS`. */
  async logIn(login: CodeLoginDto, caller: Caller, key?: string): Promise<CodeTokenPairDto> {
    const mobile = parseMobile(login.mobile, this.env.SMS_COUNTRIES);
    noteSubject(caller, { mobile });
    this.terms.assertInForce(login.terms_version);
    const attempt: Attempt = { action: 'login.refused', method: 'code', mobile, caller };
    return this.refusals.watch(attempt, () => this.attempt(mobile, login, caller, key));
  }

  private async attempt(mobile: E164, login: CodeLoginDto, caller: Caller, key?: string) {
    const { code, challenge: handle, captcha, device_token: deviceToken } = login;
    const { address } = caller;
    const presented = {
      mobile,
      code,
      address,
      deviceToken,
      handle,
      captcha,
      terms: login.terms_version,
    };
    const mark = key === undefined ? undefined : { key, handle };
    try {
      return await this.spend(presented, caller, mark);
    } catch (error) {
      if (!mark || !(error instanceof UsedCodeError)) throw error;
      return this.repeat(presented, caller, mark, error);
    }
  }

  private async spend(
    presented: Presented,
    caller: Caller,
    mark?: LoginMark,
  ): Promise<CodeTokenPairDto> {
    const { mobile, deviceToken } = presented;
    let claims: Claims | undefined;
    const askHooks = async () => {
      claims = await this.hooks.beforeCodeLogin(mobile, caller);
    };
    const challenge = await this.codes.consume(
      presented,
      this.hooks.areUsed ? askHooks : undefined,
    );
    const login = { mobile, challengeId: challenge.id, deviceToken, mark };
    const open = (holder?: Sql) =>
      this.unlessAway(challenge, () => this.grants.forMobile({ ...login, holder }, caller));
    const session = await open().catch(async (error: unknown) => {
      if (!(error instanceof HeldNumberException)) throw error;
      const holder = await this.holderOf(error, challenge, caller);
      if (holder === null) throw await this.ask(error, challenge, presented, caller, mark);
      if (error.isReserved && this.hooks.areUsed) await askHooks();
      return open(holder);
    });
    await this.codes.loggedIn(challenge, presented);
    await this.agree(session, presented, caller);
    return this.answerOf(session, claims);
  }

  /** The code is used. Who has the key of the login that used it gets its session again. */
  private async repeat(
    presented: Presented,
    caller: Caller,
    mark: LoginMark,
    refusal: UsedCodeError,
  ): Promise<CodeTokenPairDto> {
    const { deviceToken } = presented;
    const session = await this.grants.forMobileAgain(presented, caller, deviceToken, mark);
    if (!session) throw refusal;
    if (!('deviceToken' in session))
      throw await this.questions.questionOf(provedBy(session, presented));
    await this.agree(session, presented, caller);
    return this.answerOf(session);
  }

  private async agree({ userId }: CodeSession, { terms }: Presented, caller: Caller) {
    if (terms !== undefined) await this.terms.accept(userId, terms, ownChange(userId, caller));
  }

  private async answerOf(session: CodeSession, claims?: Claims): Promise<CodeTokenPairDto> {
    return Object.assign(await this.tokenPairs.pairOf(session, claims), {
      device_token: session.deviceToken,
      is_new_user: session.isNewUser,
    });
  }

  /**
   * Who may log in all the same: anybody, once a number has moved that an operator gave to a user, or the user whom a look-up
   * knows to be still the same; null for nobody.
   */
  private async holderOf(
    { accountId, isReserved }: HeldNumberException,
    challenge: Challenge,
    caller: Caller,
  ): Promise<Sql | undefined | null> {
    if (isReserved)
      return (await this.orders.fulfil(accountId, challenge, caller)) ? undefined : null;
    const isSame = await this.lookup.isSameHolder(accountId, challenge.mobile);
    return isSame ? sql`u.id = ${accountId}` : null;
  }

  private async ask(
    { accountId }: HeldNumberException,
    challenge: Challenge,
    presented: Presented,
    caller: Caller,
    mark?: LoginMark,
  ): Promise<ApiException> {
    const ask = () => this.questions.ask(accountId, challenge, caller, mark);
    const question = await this.unlessAway(challenge, ask);
    await this.codes.loggedIn(challenge, presented);
    return question;
  }

  /** What fails for an outage leaves the code usable. */
  private async unlessAway<T>(challenge: Challenge, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof ApiException)) await this.codes.restore(challenge).catch(() => {});
      throw error;
    }
  }
}

const provedBy = (
  { id, userId: accountId, issuedAt: at }: LoginSession,
  { mobile }: Presented,
): ProvedNumber => ({ id, accountId, mobile, at });
