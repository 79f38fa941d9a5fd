import { Failures } from './failure-table';
import type { SdkError } from './sdk-error';

/** Of messages of a day, until tomorrow at the latest: nobody waits for that. */
const LONG_SECONDS = 3600;

/** https://www.twilio.com/docs/api/errors. No code is about messages to one number. */
export const TWILIO_FAILURES = new Failures(
  {
    recipient: [
      '21211', // not a valid number
      '21214', // cannot be reached
      '21217', // does not look valid
      '21266', // the sender itself
      '21408', // a region that is not enabled
      '21610', // unsubscribed
      '21612', // cannot be reached from this sender
      '21614', // no mobile number
      '21635', // a landline
    ],
    content: [
      '21602', // no text
      '21606', // the sender, for this number
      '21608', // a number that a trial account does not send to
      '21617', // too long
    ],
    'account-throttled': [
      '20429', // too many requests
      '21611', // the queue of the sender is full
      '63038', // messages of a day
    ],
    account: [
      '10001', // not active
      '20003', // credentials
      '20005', // not active
      '20008', // test credentials
      '21212', // not a valid sender
      '21603', // no sender
      '21659', // not a Twilio number
      '21660', // a sender of another account
      '21661', // not a sender of messages
      '21703', // a messaging service without senders
      '21704', // of which none is left
      '21705', // an unknown messaging service
      '90010', // not active
    ],
    outage: ['20500', '20503'],
  },
  ({ code }: SdkError) => (String(code) === '63038' ? LONG_SECONDS : undefined),
);
