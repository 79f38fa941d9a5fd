import { createHash } from 'node:crypto';
import { createChallenge, extractParams, verifySolution } from 'altcha-lib/v1';
import type { Challenge, Payload } from 'altcha-lib/v1/types';
import type { Clock } from '../../common/clock';
import type { KeyRing } from '../../config/key-ring';
import type { LimiterService } from '../limiter.service';
import type { Captcha } from './captcha';

const ALGORITHM = 'SHA-256';
const LIFETIME_MS = 10 * 60_000;
const MAX_ANSWER_LENGTH = 4096;

/**
 * The number to find lies between 1 and this one. Trying all of them takes 0.8 s on an iPhone 12 mini and
 * 2.5 s on a Galaxy A14 (https://altcha.org/docs/complexity), and half as long on average.
 */
const MAX_NUMBER = 100_000;

/** A challenge as every version of the ALTCHA widget takes it. */
type AltchaChallenge = Challenge & { maxnumber: number };

/**
 * A captcha that needs no service: a proof of work, which the widget does while nobody watches. Nothing
 * is kept of a challenge, since its signature comes back with the answer; of an answer only that it was used.
 */
export class AltchaCaptcha implements Captcha {
  /** Of the secret, then of the one before. */
  private readonly hmacKeys: string[];

  constructor(
    keys: KeyRing,
    private readonly limiter: LimiterService,
    private readonly clock: Clock,
    private readonly maxNumber = MAX_NUMBER,
  ) {
    this.hmacKeys = keys.generations.map((ring) => ring.derive('captcha').toString('hex'));
  }

  async newChallenge(): Promise<AltchaChallenge> {
    const challenge = await createChallenge({
      algorithm: ALGORITHM,
      hmacKey: this.hmacKeys[0]!,
      expires: new Date(this.clock.now() + LIFETIME_MS),
      maxnumber: this.maxNumber,
    });
    return { ...challenge, maxnumber: this.maxNumber };
  }

  async verify(answer: string): Promise<boolean> {
    const payload = readAnswer(answer);
    if (!payload || !this.isFresh(payload)) return false;
    return (await this.isSolved(payload)) && this.use(payload);
  }

  /** The library would ask this node's own clock. */
  private isFresh(payload: Payload): boolean {
    return Number(extractParams(payload).expires) * 1000 >= this.clock.now();
  }

  private async isSolved(payload: Payload): Promise<boolean> {
    for (const key of this.hmacKeys) {
      if (await verifySolution(payload, key, false)) return true;
    }
    return false;
  }

  /**
   * Resolves to true once. The signature names the challenge: it is compared as text, while the same salt
   * could be written in two ways.
   */
  private async use({ signature }: Payload): Promise<boolean> {
    const bucket = createHash('sha256').update(signature).digest('hex');
    return (await this.limiter.takeIfLeft({ 'captcha-answers': bucket })) !== null;
  }
}

/** The library throws on much of what is refused here. */
function readAnswer(answer: string): Payload | undefined {
  if (answer.length > MAX_ANSWER_LENGTH) return undefined;
  try {
    const value: unknown = JSON.parse(Buffer.from(answer, 'base64').toString());
    return isPayload(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isPayload(value: unknown): value is Payload {
  const { algorithm, challenge, number, salt, signature } = (value ?? {}) as Record<
    string,
    unknown
  >;
  return (
    algorithm === ALGORITHM &&
    Number.isSafeInteger(number) &&
    [challenge, salt, signature].every((part) => typeof part === 'string')
  );
}
