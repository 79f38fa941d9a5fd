import { Injectable } from '@nestjs/common';
import { TestNumbersService } from '../../codes/test-numbers.service';
import { ApiException } from '../../common/errors';
import { countryOf, type E164, parseMobile } from '../../common/phone-number';
import { Env } from '../../config/env';
import { isOwnNumber } from '../../sms/own-numbers';
import type { Check } from './check';
import type { SupportCase } from './support-case';
import { blocks, ok, type Verdict } from './verdict';

/** Whether the number may get messages at all. */
@Injectable()
export class NumberCheck implements Check {
  constructor(
    private readonly env: Env,
    private readonly testNumbers: TestNumbersService,
  ) {}

  look({ mobile }: SupportCase): Verdict {
    if (!mobile) return ok('number');
    const evidence = { country: countryOf(mobile) };
    if (!this.isServed(mobile)) {
      const action = 'add the country to SMS_COUNTRIES';
      return blocks('number', { error_code: 'COUNTRY_NOT_SERVED', evidence, action });
    }
    if (isOwnNumber(mobile, this.env)) {
      const action = 'messages are sent from this number: nobody logs in with it';
      return blocks('number', { error_code: 'NUMBER_UNREACHABLE', evidence, action });
    }
    return ok('number', { evidence: { ...evidence, is_test_number: this.isTest(mobile) } });
  }

  private isServed(mobile: E164): boolean {
    return unlessRefused(() => parseMobile(mobile, this.env.SMS_COUNTRIES) === mobile, false);
  }

  /** Also one whose time is over. */
  private isTest(mobile: E164): boolean {
    return unlessRefused(() => this.testNumbers.has(mobile), true);
  }
}

function unlessRefused(ask: () => boolean, otherwise: boolean): boolean {
  try {
    return ask();
  } catch (error) {
    if (error instanceof ApiException) return otherwise;
    throw error;
  }
}
