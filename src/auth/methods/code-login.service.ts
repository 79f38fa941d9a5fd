import { Injectable } from '@nestjs/common';
import type { Challenge } from '../../codes/challenge.entity';
import { CodeVerifierService } from '../../codes/code-verifier.service';
import { ApiException } from '../../common/errors';
import { parseMobile } from '../../common/phone-number';
import { Env } from '../../config/env';
import type { Caller } from '../../contract/caller.decorator';
import type { Claims } from '../claims';
import type { CodeLoginDto } from '../dto/code-login.dto';
import type { CodeTokenPairDto } from '../dto/tokens.dto';
import { GrantsService } from '../grants.service';
import { HooksService } from '../hooks.service';
import { TokenPairsService } from '../token-pairs.service';

/** Logging in with a code from an SMS. */
@Injectable()
export class CodeLoginService {
  constructor(
    private readonly codes: CodeVerifierService,
    private readonly env: Env,
    private readonly grants: GrantsService,
    private readonly hooks: HooksService,
    private readonly tokenPairs: TokenPairsService,
  ) {}

  /** @throws ApiException `INVALID_CODE`, `USER_DISABLED`, `LOGIN_REFUSED` or `TOO_MANY_REQUESTS`. */
  async logIn(login: CodeLoginDto, caller: Caller): Promise<CodeTokenPairDto> {
    const mobile = parseMobile(login.mobile, this.env.SMS_COUNTRIES);
    const { code, challenge: handle, device_token: deviceToken } = login;
    const { address } = caller;
    const presented = { mobile, code, address, deviceToken, handle };
    let claims: Claims | undefined;
    const askHooks = async () => {
      claims = await this.hooks.beforeCodeLogin(mobile, caller);
    };
    const challenge = await this.codes.consume(
      presented,
      this.hooks.areUsed ? askHooks : undefined,
    );
    const session = await this.openSession(challenge, caller, deviceToken);
    await this.codes.loggedIn(challenge, presented);
    return Object.assign(await this.tokenPairs.pairOf(session, claims), {
      device_token: session.deviceToken,
      is_new_user: session.isNewUser,
    });
  }

  /** A login that fails for an outage leaves the code usable. */
  private async openSession(challenge: Challenge, caller: Caller, deviceToken?: string) {
    try {
      return await this.grants.forMobile(challenge.mobile, challenge.id, caller, deviceToken);
    } catch (error) {
      if (!(error instanceof ApiException)) await this.codes.restore(challenge).catch(() => {});
      throw error;
    }
  }
}
