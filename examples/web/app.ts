/** A page with a session: who is logged in, and the ways in and out. */
import { createTandem, TandemError } from '@tandem/client';
import { TandemLogin } from '@tandem/client/element';

/** `serve.mjs` puts it here. */
declare const TANDEM_URL: string;

/** The refresh token is in a cookie that no script can read, this one neither. */
const tandem = createTandem({ url: TANDEM_URL, storage: 'cookie' });

const find = (id: string) => document.getElementById(id)!;
const [who, logIn, logOut] = [find('who'), find('log-in') as HTMLAnchorElement, find('log-out')];
logIn.href = `${TANDEM_URL}/login?return_to=${encodeURIComponent(`${location.origin}/`)}`;
logOut.addEventListener('click', () => void tandem.logOut());

async function show(): Promise<void> {
  const { status } = tandem.session();
  const isOut = status === 'anonymous' || status === 'ended';
  [logIn.hidden, logOut.hidden] = [!isOut, isOut];
  who.textContent = isOut ? 'Nobody is logged in.' : `Logged in with ${await ownNumber()}.`;
}

/** `fetch` with the access token, which is renewed when it is time. */
async function ownNumber(): Promise<string> {
  const response = await tandem.fetch('/users/me');
  return ((await response.json()) as { mobile: string }).mobile;
}

/** All tabs hear of a login or a logout in one of them. */
tandem.onChange(({ status }) => {
  if (status === 'fresh' || status === 'ended') void show();
});

async function start(): Promise<void> {
  // After a login on the page of the server the session is in the cookie.
  await tandem.resume().catch((error: unknown) => {
    // Without an answer nobody knows. The client asks again.
    if (!(error instanceof TandemError)) throw error;
  });
  await show();
  find('form').append(Object.assign(new TandemLogin(), { tandem }));
}

void start();
