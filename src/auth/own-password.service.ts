import { Injectable } from '@nestjs/common';
import { LimiterService } from '../codes/limiter.service';
import { BlockGuardService } from '../codes/blocks/block-guard.service';
import { chargesOf } from '../codes/charges';
import { ApiException } from '../common/errors';
import type { Turn } from '../common/fair-queue';
import type { Holder } from '../sessions/sessions.service';
import { PasswordsService } from '../users/passwords.service';
import type { OwnCredentials } from './credential.queries';

/** Has the user of a session prove that they know their password. */
@Injectable()
export class OwnPasswordService {
  constructor(
    private readonly blocks: BlockGuardService,
    private readonly limiter: LimiterService,
    private readonly passwords: PasswordsService,
  ) {}

  /**
   * Counts the attempt before its outcome is known, as a login does: wrong passwords by session, right ones by user.
   *
   * @throws ApiException `INVALID_CREDENTIALS` or `TOO_MANY_REQUESTS`.
   */
  async prove(
    { userId, sessionId }: Holder,
    { mobile, passwordHash }: Pick<OwnCredentials, 'mobile' | 'passwordHash'>,
    password: string,
    address: string,
    turn: Turn,
  ): Promise<void> {
    this.blocks.assertFree('password', { mobile: mobile ?? undefined, address });
    // As on a device of its own: a stolen token uses up nobody's guesses but its own.
    const limited = { does: 'log in', account: userId, device: `session ${sessionId}` } as const;
    const refund = await this.limiter.take(chargesOf(limited));
    try {
      const isRight = await this.passwords.matches(password, passwordHash, turn);
      await refund(chargesOf(limited, { counts: isRight ? 'wrong password' : 'right password' }));
      if (isRight) return;
    } catch (error) {
      await refund();
      throw error;
    }
    throw new ApiException('INVALID_CREDENTIALS', { reason: 'wrong_password' });
  }
}
