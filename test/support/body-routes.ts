/** A request with a body that would be accepted, but for its credentials. */
export interface BodyRoute {
  route: string;
  method: string;
  path: string;
  body: Record<string, string>;
}

const CREDENTIALS = { username: 'li.wei', password: 'correct horse battery' };

/** Every route that takes a body. */
export const BODY_ROUTES: BodyRoute[] = [
  bodyRoute('POST', '/auth/codes', { mobile: '+8613812345678' }),
  bodyRoute('POST', '/auth/tokens', { mobile: '+8613812345678', code: '012345' }),
  bodyRoute('POST', '/auth/login', CREDENTIALS),
  bodyRoute('POST', '/auth/step-up', { password: CREDENTIALS.password }),
  bodyRoute('PATCH', '/users/me', { name: 'Li Wei' }),
  bodyRoute('PUT', '/users/me/password', { password: CREDENTIALS.password }),
];

function bodyRoute(method: string, path: string, body: Record<string, string>): BodyRoute {
  return { route: `${method} ${path}`, method, path, body };
}
