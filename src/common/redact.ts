const JWT = /\beyJ[\w-]+\.[\w-]+(\.[\w-]*)?/g;
const PHONE_NUMBER = /(?<!\d)\+?\d{7,15}(?!\d)/g;

/** Takes tokens and phone numbers out of a text that others wrote, like a driver's error message. */
export function redact(text: string): string {
  return text.replace(JWT, '[token]').replace(PHONE_NUMBER, '[number]');
}
