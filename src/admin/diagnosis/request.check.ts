import { Injectable } from '@nestjs/common';
import type { ErrorCode } from '../../common/errors';
import type { Check } from './check';
import type { SupportCase } from './support-case';
import { blocks, ok, type Verdict } from './verdict';

const ACTIONS: Partial<Record<ErrorCode, string>> = {
  INTERNAL: 'log: the error before the line of this request; report it',
  UNAVAILABLE: 'log: what was away at that moment; /health/ready',
  LOGIN_REFUSED: 'a hook of the application has refused it: ask there',
  INVALID_CLIENT: 'SERVICE_CLIENTS: name and secret of the service that asked',
  UNAUTHORIZED: 'the client refreshes, or logs in again',
  RECENT_LOGIN_REQUIRED: 'the client logs in again, or steps up, and repeats it',
};

/** What the request was answered that was asked about: the word of last resort, where nothing above speaks now. */
@Injectable()
export class RequestCheck implements Check {
  look({ request, seesLiveCodes }: SupportCase): Verdict {
    if (!request) return ok('request');
    const { errorCode, reason, limit, at } = request;
    return blocks('request', {
      error_code: errorCode,
      since: at,
      // That of a code, which may still work, is what `code` tells.
      evidence: { reason: seesLiveCodes || errorCode !== 'INVALID_CODE' ? reason : null, limit },
      action: ACTIONS[errorCode] ?? 'the client made a mistake: its answer says which',
    });
  }
}
