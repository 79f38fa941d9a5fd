import { randomBytes, timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { RedactingLogger } from '../common/redacting-logger';
import { ApiException } from '../common/errors';
import { type E164, maskMobile } from '../common/phone-number';
import { Env } from '../config/env';
import type { TestNumber } from '../config/sms-env-fields';
import type { Challenge } from './challenge.entity';

/** Numbers with a fixed code until a date, with which app stores review an app. They get no messages. */
@Injectable()
export class TestNumbersService {
  private readonly logger = new RedactingLogger(TestNumbersService.name);
  private readonly numbers: ReadonlyMap<string, TestNumber>;

  constructor(env: Env) {
    this.numbers = new Map(env.TEST_NUMBERS.map((number) => [number.mobile, number]));
    for (const { mobile, until } of env.TEST_NUMBERS) {
      const state = until < new Date() ? 'expired on' : 'logs in with a fixed code until';
      this.logger.warn(
        `Test number ${maskMobile(mobile as E164)} ${state} ${until.toISOString().slice(0, 10)}`,
      );
    }
  }

  /** @throws ApiException `VALIDATION_FAILED` for one that has expired. */
  has(mobile: E164): boolean {
    const number = this.numbers.get(mobile);
    if (number && number.until < new Date()) {
      throw new ApiException('VALIDATION_FAILED', {
        message: ['mobile is a test number whose time is over'],
      });
    }
    return number !== undefined;
  }

  /** A new challenge each time, since the code is fixed; null for another code. */
  challengeFor(mobile: E164, code: string): Challenge | null {
    if (!this.isCode(mobile, code)) return null;
    return { mobile, id: randomBytes(16).toString('hex'), tag: '', expiresAt: new Date() };
  }

  private isCode(mobile: E164, code: string): boolean {
    const expected = Buffer.from(this.numbers.get(mobile)?.code ?? '');
    const given = Buffer.from(code);
    return expected.length === given.length && timingSafeEqual(expected, given);
  }
}
