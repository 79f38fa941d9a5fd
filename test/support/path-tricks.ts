type Respell = (path: string) => string;

const lastSlash = /\/(?=[^/]*$)/;
const firstLetter = /[a-z]/;
const hex = (letter: string) => `%${letter.charCodeAt(0).toString(16)}`;

/** Other spellings of a path, which proxies, routers and guards have been known to read differently. */
export const PATH_TRICKS: Record<string, Respell> = {
  'a query': (path) => `${path}?a=b&a=b`,
  'an empty query': (path) => `${path}?`,
  'a file in the query': (path) => `${path}?.css`,
  'a fragment': (path) => `${path}#x`,
  'two slashes in front': (path) => `/${path}`,
  'two slashes within': (path) => path.replace(lastSlash, '//'),
  'a slash at the end': (path) => `${path}/`,
  'two slashes at the end': (path) => `${path}//`,
  'a dot segment': (path) => `/.${path}`,
  'a dot segment at the end': (path) => `${path}/.`,
  'an encoded dot segment': (path) => `/%2e${path}`,
  'the way out of a segment': (path) => `/x/..${path}`,
  'the encoded way out of a segment': (path) => `/x/%2E%2e${path}`,
  'the way out of a public route': (path) => `/health/live/../..${path}`,
  'the encoded way out of a public route': (path) => `/health/live/%2e%2e/%2e%2e${path}`,
  'the way out of the docs': (path) => `/docs/..${path}`,
  'the encoded way out of the docs': (path) => `/docs/..%2f${path.slice(1)}`,
  'the way to a public route': (path) => `${path}/../../health/live`,
  'the encoded way to a public route': (path) => `${path}%2f..%2f..%2fhealth%2flive`,
  'an encoded slash': (path) => path.replace(lastSlash, '%2f'),
  'a slash encoded twice': (path) => path.replace(lastSlash, '%252f'),
  'an overlong slash': (path) => path.replace(lastSlash, '%c0%af'),
  'a backslash': (path) => path.replace(lastSlash, '\\'),
  'an encoded letter': (path) => path.replace(firstLetter, hex),
  'nothing but encoded letters': (path) => path.replaceAll(/[a-z]/g, hex),
  'a letter encoded twice': (path) => path.replace(firstLetter, (letter) => `%25${hex(letter)}`),
  capitals: (path) => path.toUpperCase(),
  'a capital': (path) => path.replace(firstLetter, (letter) => letter.toUpperCase()),
  'a matrix parameter': (path) => `${path};a=b`,
  'a matrix parameter within': (path) => path.replace(lastSlash, ';a=b/'),
  'the name of a file': (path) => `${path}.json`,
  'a file in a matrix parameter': (path) => `${path};.css`,
  'an encoded query': (path) => `${path}%3fa=b`,
  'an encoded space': (path) => `${path}%20`,
  'an encoded line': (path) => `${path}%0d%0aX:%20y`,
  'an encoded NUL': (path) => `${path}%00`,
  'a byte that is no UTF-8': (path) => `${path}%ff`,
  'a percent sign': (path) => `${path}%`,
  'another host': (path) => `http://evil.example${path}`,
  'no slash in front': (path) => path.slice(1),
};
