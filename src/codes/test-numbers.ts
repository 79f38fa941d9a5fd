import { timingSafeEqual } from 'node:crypto';
import { Injectable, Logger } from '@nestjs/common';
import { ApiException } from '../common/errors';
import { type E164, maskMobile } from '../common/phone-number';
import { Env } from '../config/env';
import type { TestNumber } from '../config/sms-env-fields';

/** Numbers with a fixed code until a date, with which app stores review an app. They get no messages. */
@Injectable()
export class TestNumbers {
  private readonly logger = new Logger(TestNumbers.name);
  private readonly numbers: ReadonlyMap<string, TestNumber>;

  constructor(env: Env) {
    this.numbers = new Map(env.TEST_NUMBERS.map((number) => [number.mobile, number]));
    for (const { mobile, until } of env.TEST_NUMBERS) {
      const state = until < new Date() ? 'is refused since' : 'logs in with a fixed code until';
      this.logger.warn(
        `${maskMobile(mobile as E164)} ${state} ${until.toISOString().slice(0, 10)}`,
      );
    }
  }

  /** @throws ApiException `VALIDATION_FAILED` for one whose date has passed. */
  has(mobile: E164): boolean {
    const number = this.numbers.get(mobile);
    if (number && number.until < new Date()) {
      throw new ApiException('VALIDATION_FAILED', {
        message: ['mobile is a test number whose time is over'],
      });
    }
    return number !== undefined;
  }

  isCode(mobile: E164, code: string): boolean {
    const expected = Buffer.from(this.numbers.get(mobile)?.code ?? '');
    const given = Buffer.from(code);
    return expected.length === given.length && timingSafeEqual(expected, given);
  }
}
