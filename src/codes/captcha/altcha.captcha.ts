import { createHmac } from 'node:crypto';
import { createChallenge, extractParams, verifySolution } from 'altcha-lib/v1';
import type { Challenge, Payload } from 'altcha-lib/v1/types';
import type { Clock } from '../../common/clock';
import type { E164 } from '../../common/phone-number';
import type { KeyRing } from '../../config/key-ring';
import type { LimiterService } from '../limiter.service';
import type { Captcha, Difficulty, Solver } from './captcha';
import { useAnswer } from './used-answers';

const ALGORITHM = 'SHA-256';
const LIFETIME_MS = 10 * 60_000;
const MAX_ANSWER_LENGTH = 4096;

/**
 * The number to find is at most this one, doubled for each step of difficulty. Trying all of them takes 0.8 s on an iPhone
 * 12 mini and 2.5 s on a Galaxy A14 (https://altcha.org/docs/complexity), and half as long on average: 10 s at most.
 */
const MAX_NUMBER = 100_000;

/** A challenge as every version of the ALTCHA widget takes it. */
type AltchaChallenge = Challenge & { maxnumber: number };

/**
 * A captcha that needs no service: a proof of work, which the widget does while nobody watches. Nothing is kept of a
 * challenge, since it comes back with the answer, signed with a key of the number that it is for; of an answer only that
 * it was used.
 */
export class AltchaCaptcha implements Captcha {
  /** Of the secret, then of the one before. */
  private readonly keys: Buffer[];

  constructor(
    ring: KeyRing,
    private readonly limiter: LimiterService,
    private readonly clock: Clock,
    private readonly maxNumber = MAX_NUMBER,
  ) {
    this.keys = ring.generations.map((generation) => generation.derive('captcha'));
  }

  async challengeFor(mobile: E164, difficulty: Difficulty): Promise<AltchaChallenge> {
    const maxnumber = this.maxNumber * 2 ** difficulty;
    const challenge = await createChallenge({
      algorithm: ALGORITHM,
      hmacKey: keyFor(mobile, this.keys[0]!),
      expires: new Date(this.clock.now() + LIFETIME_MS),
      maxnumber,
      params: { difficulty: String(difficulty) },
    });
    return { ...challenge, maxnumber };
  }

  async verify(answer: string, { mobile }: Solver, least: Difficulty): Promise<boolean> {
    const payload = readAnswer(answer);
    if (!payload || !this.isEnough(payload, least)) return false;
    // The signature names the challenge: it is compared as text, while the same salt could be written in two ways.
    return (
      (await this.isSolved(payload, mobile)) &&
      (await useAnswer(this.limiter, payload.signature)) !== null
    );
  }

  /** By what is part of the salt, and so of what is signed. The library would ask this node's own clock. */
  private isEnough(payload: Payload, least: Difficulty): boolean {
    const { expires, difficulty } = extractParams(payload);
    return Number(expires) * 1000 >= this.clock.now() && Number(difficulty) >= least;
  }

  private async isSolved(payload: Payload, mobile: E164): Promise<boolean> {
    for (const key of this.keys) {
      if (await verifySolution(payload, keyFor(mobile, key), false)) return true;
    }
    return false;
  }
}

const keyFor = (mobile: E164, key: Buffer) =>
  createHmac('sha256', key).update(mobile).digest('hex');

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
