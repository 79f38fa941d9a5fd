import { TandemError } from '../errors.ts';

/** Does something once more with the answer of a captcha, where the server wants one and somebody can solve it. */
export async function proven<T>(
  act: (captcha?: string) => Promise<T>,
  solve: () => Promise<string | undefined> | undefined,
): Promise<T> {
  try {
    return await act();
  } catch (error) {
    const isAsked = error instanceof TandemError && error.errorCode === 'CAPTCHA_REQUIRED';
    const captcha = isAsked ? await solve() : undefined;
    if (captcha === undefined) throw error;
    return act(captcha);
  }
}
