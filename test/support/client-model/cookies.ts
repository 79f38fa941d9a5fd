/** The cookies of a browser by their names: the refresh token and the key of a session. */
export type Jar = Readonly<Record<string, { readonly token: string; readonly key: string }>>;

export const NAMES = ['a', 'b'];

export const sessionOf = (token: string) => Number(token.split(' ')[1]);

/** The name of the one that is of the newest session. */
export function newestIn(jar: Jar): string | undefined {
  const age = (name: string) => sessionOf(jar[name]!.token);
  return Object.keys(jar).toSorted((one, other) => age(other) - age(one))[0];
}

/** The one that a request means, or `another` than there is; as `RefreshCookiesService` decides. */
export function meantBy(jar: Jar, session: string): string | undefined {
  if (Object.keys(jar).length === 0) return undefined;
  if (session === 'cookie') return newestIn(jar);
  return (
    Object.keys(jar).find((name) => String(sessionOf(jar[name]!.token)) === session) ?? 'another'
  );
}
