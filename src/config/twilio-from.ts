import { field } from './env-fields';

/** Twilio's `Sid`s: two letters for the kind and 32 hexadecimal digits. */
const MESSAGING_SERVICE = /^MG[0-9a-f]{32}$/i;
const NUMBER = /^\+[1-9]\d{6,14}$/;
const SHORT_CODE = /^\d{3,8}$/;
/** https://www.twilio.com/docs/glossary/what-alphanumeric-sender-id */
const SENDER_ID = /^(?=.*[A-Za-z])[A-Za-z0-9 +_&-]{1,11}$/;
const FORMS = [MESSAGING_SERVICE, NUMBER, SHORT_CODE, SENDER_ID];

/** Who Twilio sends messages from, in one of the forms that it takes. */
export function TwilioFrom(): PropertyDecorator {
  return field<string>(
    (text) => text,
    (text) => FORMS.some((form) => form.test(text)),
    'must be a number like +15005550006, a short code, a sender id of up to 11 letters, digits, spaces, +, _, & and -, or the SID of a messaging service: MG and 32 hexadecimal digits',
  );
}

/** What phones show in place of a number. */
export const isSenderId = (from: string) => SENDER_ID.test(from);

/** A sender id may begin with MG, too. */
export const isMessagingService = (from: string) => MESSAGING_SERVICE.test(from);
