import { availableParallelism } from 'node:os';
import { Injectable } from '@nestjs/common';
import { hash, verify } from '@node-rs/argon2';
import { Semaphore } from 'async-mutex';
import { ApiException } from '../common/errors';
import { Env } from '../config/env';

/** argon2id with 19 MiB, 2 passes, 1 lane: the OWASP Password Storage Cheat Sheet's first choice. */
const ARGON2ID = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };
/** Node's thread pool has four threads; DNS and files need one as well. */
const MAX_PARALLEL_HASHES = 3;
const MAX_QUEUED = 64;
/** By then a full queue is empty. */
const RETRY_AFTER_SECONDS = 1;

/**
 * Hashes and checks passwords, off the event loop. A core makes about 107 hashes per second, however many run in
 * parallel: so as many run as this process has cores, and each takes 19 MiB. The last one in the queue waits
 * 64 / 107 / cores s: 0.6 s on one core, 0.2 s on three. A longer queue would only delay every login and use up memory.
 */
@Injectable()
export class PasswordsService {
  private readonly maxParallel: number;
  private readonly turns: Semaphore;
  /** What unknown users are checked against, so that they take as long as known ones. */
  private readonly dummyHash: Promise<string>;
  /** Attempts that run or wait. */
  private attempts = 0;

  constructor(env: Env) {
    const cores = Math.floor(availableParallelism() / env.workers);
    this.maxParallel = Math.min(Math.max(cores, 1), MAX_PARALLEL_HASHES);
    this.turns = new Semaphore(this.maxParallel);
    this.dummyHash = this.hash('a password that nobody has');
  }

  /**
   * Runs an attempt that hashes or checks one password, unless the queue is full.
   *
   * @throws ApiException `UNAVAILABLE` when it is, at once: nothing was looked up or counted, whoever the user.
   */
  async enqueue<T>(attempt: () => Promise<T>): Promise<T> {
    if (this.attempts >= this.maxParallel + MAX_QUEUED) {
      throw new ApiException('UNAVAILABLE', { retryAfter: RETRY_AFTER_SECONDS });
    }
    this.attempts += 1;
    try {
      return await attempt();
    } finally {
      this.attempts -= 1;
    }
  }

  /** Call it within {@link enqueue}, which bounds how many wait. */
  hash(password: string): Promise<string> {
    return this.turns.runExclusive(() => hash(normalize(password), ARGON2ID));
  }

  /** Takes the same time with and without a hash to check against. Call it within {@link enqueue}. */
  async matches(password: string, passwordHash: string | null | undefined): Promise<boolean> {
    const known = passwordHash ?? (await this.dummyHash);
    const isRight = await this.turns.runExclusive(() => verify(known, normalize(password)));
    return isRight && passwordHash != null;
  }
}

/** One password, however a keyboard composes its characters (NIST SP 800-63B, 3.1.1.2). */
const normalize = (password: string) => password.normalize('NFKC');
