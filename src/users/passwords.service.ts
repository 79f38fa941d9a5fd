import { availableParallelism } from 'node:os';
import { Injectable } from '@nestjs/common';
import { ApiException } from '../common/errors';
import { FairQueue, type Lane, type Turn } from '../common/fair-queue';
import { Env } from '../config/env';
import { hashOf, isCurrent, verifyHash } from './password-hashes';

/** Node's thread pool has four threads; DNS and files need one as well. */
const MAX_PARALLEL_HASHES = 3;
/** Attempts that would fill the queue: half of them those of strangers, up to 25 those of one address. */
const CAPACITY = 128;
/** By then a full queue is empty. */
const RETRY_AFTER_SECONDS = 1;

/**
 * Hashes and checks passwords, off the event loop. A core makes about 107 hashes per second, however many run in
 * parallel: so as many run as this process has cores, and each takes 19 MiB. Those who wait take turns by network and
 * user; the last of 64 strangers waits 64 / 107 / cores s: 0.6 s on one core, 0.2 s on three. A longer queue would only
 * delay logins and use up memory.
 */
@Injectable()
export class PasswordsService {
  private readonly queue: FairQueue;
  /** What unknown users are checked against, so that they take as long as known ones. */
  private readonly dummyHash = hashOf('a password that nobody has');

  constructor(private readonly env: Env) {
    const cores = Math.floor(availableParallelism() / env.workers);
    this.queue = new FairQueue(Math.min(Math.max(cores, 1), MAX_PARALLEL_HASHES), CAPACITY);
  }

  /**
   * Runs an attempt that hashes or checks one password, unless its lane has filled its part of the queue.
   *
   * @throws ApiException `UNAVAILABLE` when it has, at once: nothing was looked up or counted, whoever the user.
   */
  async enqueue<T>(lane: Lane, attempt: (turn: Turn) => Promise<T>): Promise<T> {
    if (!this.queue.hasRoom(lane)) {
      throw new ApiException('UNAVAILABLE', { retryAfter: RETRY_AFTER_SECONDS });
    }
    return this.queue.enter(lane, attempt);
  }

  hash(password: string, turn: Turn): Promise<string> {
    return turn(() => hashOf(normalize(password)));
  }

  /** Takes the same time with and without a hash to check against. */
  async matches(password: string, passwordHash: string | null | undefined, turn: Turn) {
    const known = passwordHash ?? (await this.dummyHash);
    const isRight = await turn(() => this.verifyAny(spellingsFor(known, password), known));
    return isRight && passwordHash != null;
  }

  private async verifyAny(spellings: string[], passwordHash: string): Promise<boolean> {
    for (const spelling of spellings) {
      if (await verifyHash(spelling, passwordHash, this.env.FIREBASE_SIGNER_KEY)) return true;
    }
    return false;
  }
}

/** One password, however a keyboard composes its characters (NIST SP 800-63B, 3.1.1.2). */
const normalize = (password: string) => password.normalize('NFKC');

/** Other systems hash what was typed. */
function spellingsFor(passwordHash: string, password: string): string[] {
  const normal = normalize(password);
  return isCurrent(passwordHash) ? [normal] : [...new Set([password, normal])];
}
