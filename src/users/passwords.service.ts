import { availableParallelism } from 'node:os';
import { Injectable } from '@nestjs/common';
import { hash, verify } from '@node-rs/argon2';
import { Semaphore } from 'async-mutex';
import { ApiException } from '../common/errors';
import { Env } from '../config/env';

/** argon2id with 19 MiB, 2 passes, 1 lane: the OWASP Password Storage Cheat Sheet's first choice. */
const ARGON2ID = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };
/** Of the four threads of Node's pool. DNS and files need one as well. */
const MOST_AT_ONCE = 3;
/** Attempts that wait for those. */
const QUEUE = 64;
/** Seconds after which the queue has been worked off. */
const RETRY_AFTER = 1;

/**
 * Hashes and checks passwords, off the event loop. A core makes about 107 hashes a second, whatever their number at a
 * time: so there are as many as this process has cores, and each takes 19 MiB. Of the queue the last one waits
 * 64 / 107 / cores s: 0.6 s on one core, 0.2 s on three. A longer one would only make every login late, and use up memory.
 */
@Injectable()
export class PasswordsService {
  private readonly atOnce: number;
  private readonly turns: Semaphore;
  /** What unknown users are checked against, so that they take as long as known ones. */
  private readonly dummyHash: Promise<string>;
  private admitted = 0;

  constructor(env: Env) {
    const cores = Math.floor(availableParallelism() / env.workers);
    this.atOnce = Math.min(Math.max(cores, 1), MOST_AT_ONCE);
    this.turns = new Semaphore(this.atOnce);
    this.dummyHash = this.hash('a password that nobody has');
  }

  /**
   * Does what a client asks for that hashes or checks one password, if there is room for it.
   *
   * @throws ApiException `UNAVAILABLE` otherwise, at once: nothing was looked up or counted, whoever it is about.
   */
  async admit<T>(attempt: () => Promise<T>): Promise<T> {
    if (this.admitted >= this.atOnce + QUEUE) {
      throw new ApiException('UNAVAILABLE', { retryAfter: RETRY_AFTER });
    }
    this.admitted += 1;
    try {
      return await attempt();
    } finally {
      this.admitted -= 1;
    }
  }

  /** To be called within {@link admit}, which bounds how many wait for their turn. */
  hash(password: string): Promise<string> {
    return this.turns.runExclusive(() => hash(normalize(password), ARGON2ID));
  }

  /** Takes the same time with and without a hash to check against. As {@link hash}, to be called within {@link admit}. */
  async matches(password: string, passwordHash: string | null | undefined): Promise<boolean> {
    const known = passwordHash ?? (await this.dummyHash);
    const isRight = await this.turns.runExclusive(() => verify(known, normalize(password)));
    return isRight && passwordHash != null;
  }
}

/** One password, however a keyboard composes its characters (NIST SP 800-63B, 3.1.1.2). */
const normalize = (password: string) => password.normalize('NFKC');
