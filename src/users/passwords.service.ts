import { Injectable } from '@nestjs/common';
import { hash, verify } from '@node-rs/argon2';

/** argon2id with 19 MiB, 2 passes, 1 lane: the OWASP Password Storage Cheat Sheet's first choice. */
const ARGON2ID = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/** Hashes and checks passwords, off the event loop. */
@Injectable()
export class PasswordsService {
  /** What unknown users are checked against, so that they take as long as known ones. */
  private readonly dummyHash = this.hash('a password that nobody has');

  hash(password: string): Promise<string> {
    return hash(normalize(password), ARGON2ID);
  }

  /** Takes the same time with and without a hash to check against. */
  async matches(password: string, passwordHash: string | null | undefined): Promise<boolean> {
    const isRight = await verify(passwordHash ?? (await this.dummyHash), normalize(password));
    return isRight && passwordHash != null;
  }
}

/** One password, however a keyboard composes its characters (NIST SP 800-63B, 3.1.1.2). */
const normalize = (password: string) => password.normalize('NFKC');
