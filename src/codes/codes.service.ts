import { createHmac, randomBytes } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { addressBucket } from '../common/client-address';
import { ApiException } from '../common/errors';
import type { E164 } from '../common/phone-number';
import { Env } from '../config/env';
import { KeyRing } from '../config/key-ring';
import { MetricsService } from '../observability/metrics.service';
import { SmsSender } from '../sms/sms-sender.service';
import type { Challenge } from './challenge.entity';
import type { ChallengeStore } from './challenge-store';
import { LimiterService } from './limiter.service';

export const CHALLENGE_STORE = Symbol('ChallengeStore');

const CODE_DIGITS = 6;

interface SentCode {
  /** Seconds until the code stops working. */
  expiresIn: number;
  /** Seconds until this caller may send to this number again. */
  resendIn: number;
}

type ChallengeName = Pick<Challenge, 'id' | 'mobile'>;

interface CodeKeys {
  readonly code: Buffer;
  readonly tag: Buffer;
}

/**
 * Challenges: a six-digit code that proves a number. The code is kept nowhere; it follows from the
 * random id of its challenge and a key that no store holds.
 */
@Injectable()
export class CodesService {
  /** Of the secret, then of the one before. */
  private readonly generations: CodeKeys[];

  constructor(
    keys: KeyRing,
    @Inject(CHALLENGE_STORE) private readonly challenges: ChallengeStore,
    private readonly env: Env,
    private readonly limiter: LimiterService,
    private readonly metrics: MetricsService,
    private readonly sms: SmsSender,
  ) {
    this.generations = keys.generations.map((ring) => ({
      code: ring.derive('code'),
      tag: ring.derive('code tag'),
    }));
  }

  /**
   * Sends the code of the number's live challenge, or of a new one.
   *
   * @throws ApiException `TOO_MANY_REQUESTS`, or `UNAVAILABLE` when the message could not be sent;
   *   that costs the caller nothing.
   */
  async send(mobile: E164, address: string, locale?: string): Promise<SentCode> {
    const charges = {
      'codes-per-address': addressBucket(address),
      'code-cooldown': mobile,
      'codes-per-number': mobile,
    };
    const refund = await this.limiter.take(charges);
    try {
      const challenge = await this.challenges.open(this.newChallenge(mobile));
      const expiresIn = Math.ceil((challenge.expiresAt.getTime() - Date.now()) / 1000);
      const code = codeOf(challenge, this.keysOf(challenge));
      await this.sms.send({ to: mobile, code, locale, text: composeText(code, expiresIn) });
      const wait = await this.limiter.nextWait(charges);
      return { expiresIn, resendIn: wait?.seconds ?? 0 };
    } catch (error) {
      await refund();
      throw error;
    }
  }

  /**
   * Consumes the challenge that `code` answers. Whoever gets it must still insert its id into the
   * sessions table, where a code that slipped through twice is stopped.
   *
   * @throws ApiException `INVALID_CODE` or `TOO_MANY_REQUESTS`.
   */
  async verify(mobile: E164, code: string, address: string): Promise<Challenge> {
    const refund = await this.limiter.take({
      'guesses-per-address': addressBucket(address),
      'guesses-per-number': mobile,
    });
    // A guess that meets an outage stays counted: a store may have answered already that it is wrong.
    const challenge = await this.consume(mobile, code);
    if (!challenge) {
      this.metrics.codeChecked('wrong');
      throw new ApiException('INVALID_CODE');
    }
    await refund();
    return challenge;
  }

  /** Puts a consumed challenge back after its login failed for no fault of the caller. */
  async restore(challenge: Challenge): Promise<void> {
    await this.challenges.open(challenge);
  }

  private async consume(mobile: E164, code: string): Promise<Challenge | null> {
    for (const keys of this.generations) {
      const challenge = await this.challenges.consume(mobile, tagOf(mobile, code, keys));
      if (challenge) return challenge;
    }
    return null;
  }

  private newChallenge(mobile: E164): Challenge {
    const id = randomBytes(16).toString('hex');
    const tag = codeTag({ id, mobile }, this.generations[0]!);
    return { mobile, id, tag, expiresAt: new Date(Date.now() + this.env.CODE_TTL * 1000) };
  }

  /** The keys that the challenge was made with. */
  private keysOf(challenge: Challenge): CodeKeys {
    const known = this.generations.find((keys) => codeTag(challenge, keys) === challenge.tag);
    return known ?? this.generations[0]!;
  }
}

/** 64 bits of the MAC: reduced to six digits, their bias is below 10⁻¹³. */
function codeOf({ id, mobile }: ChallengeName, keys: CodeKeys): string {
  const mac = createHmac('sha256', keys.code).update(`${id} ${mobile}`).digest();
  return (mac.readBigUInt64BE() % 10n ** BigInt(CODE_DIGITS)).toString().padStart(CODE_DIGITS, '0');
}

function tagOf(mobile: E164, code: string, keys: CodeKeys): string {
  const mac = createHmac('sha256', keys.tag).update(`${mobile} ${code}`);
  return mac.digest('hex').slice(0, 32);
}

function codeTag(challenge: ChallengeName, keys: CodeKeys): string {
  return tagOf(challenge.mobile, codeOf(challenge, keys), keys);
}

function composeText(code: string, expiresIn: number): string {
  const minutes = Math.ceil(expiresIn / 60);
  return `${code} is your login code. It works for ${minutes} min. Do not share it.`;
}
