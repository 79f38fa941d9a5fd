const JWT = /\beyJ[\w-]+\.[\w-]+(\.[\w-]*)?/g;
const DEVICE_TOKEN = /(?<![\w-])\d{1,19}\.[\w-]{22}\.[\w-]{43}(?![\w-])/g;
/** A phone number, or a UUID, whose digits may look like one: people search for request ids. */
const PHONE_NUMBER =
  /(?<uuid>\b[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}\b)|(?<!\d)\+?\d{7,15}(?!\d)/gi;

/** Takes tokens and phone numbers out of a text that others wrote, like a driver's error message. */
export function redact(text: string): string {
  return text
    .replace(JWT, '[token]')
    .replace(DEVICE_TOKEN, '[token]')
    .replace(PHONE_NUMBER, (_found, uuid?: string) => uuid ?? '[number]');
}
