import { typedDigits } from './typed-digits.ts';

const CODE_LENGTH = 6;

/** Of what was typed, pasted or filled in, be it the whole message. */
export function codeIn(text: string): string {
  const groups = typedDigits(text).split(/\D+/);
  return (
    groups.find(({ length }) => length === CODE_LENGTH) ?? groups.join('').slice(0, CODE_LENGTH)
  );
}

export const isWhole = (code: string) => code.length === CODE_LENGTH;

interface OtpOptions extends CredentialRequestOptions {
  readonly otp: { readonly transport: readonly 'sms'[] };
}

/** By WebOTP: the code of a message that names the domain of the page, once its user agrees. Undefined where there is none. */
export async function receivedCode(signal: AbortSignal): Promise<string | undefined> {
  if (!('OTPCredential' in globalThis)) return undefined;
  try {
    const options: OtpOptions = { otp: { transport: ['sms'] }, signal };
    const credential = (await navigator.credentials.get(options)) as { code?: string } | null;
    return credential?.code;
  } catch {
    // Refused, or too late.
    return undefined;
  }
}
