import type { Failure } from '../send-failure';
import { Failures } from './failure-table';
import type { SdkError } from './sdk-error';

/** https://docs.aws.amazon.com/sns/latest/api/API_Publish.html and its common errors. No code is about messages to one number. */
const TABLE = {
  recipient: ['OptedOutException'],
  'account-throttled': [
    'KMSThrottlingException',
    'ThrottledException',
    'Throttling',
    'ThrottlingException',
  ],
  account: [
    'AccessDeniedException',
    'AuthorizationErrorException',
    'ExpiredTokenException',
    'IncompleteSignature',
    'InvalidClientTokenId',
    'InvalidSecurityException',
    'MissingAuthenticationToken',
    'NotAuthorized',
    'OptInRequired',
    'SignatureDoesNotMatch',
    'UnrecognizedClientException',
  ],
  outage: ['InternalErrorException', 'InternalFailure', 'ServiceUnavailable'],
} as const;

class SnsFailures extends Failures {
  /** There is no code of its own for what is wrong with a number or a text. */
  override of(error: SdkError): Failure {
    const { name, message = '' } = error;
    if (name !== 'InvalidParameterException') return super.of(error);
    if (message.includes('PhoneNumber')) return { kind: 'recipient' };
    return { kind: /\bMessage\b/.test(message) ? 'content' : 'unknown' };
  }
}

export const SNS_FAILURES = new SnsFailures(TABLE);
