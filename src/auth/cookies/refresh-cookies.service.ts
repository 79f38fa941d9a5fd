import type { IncomingHttpHeaders } from 'node:http';
import { Injectable } from '@nestjs/common';
import { ApiException } from '../../common/errors';
import { isId } from '../../common/snowflake';
import { Env } from '../../config/env';
import { cookieValues, hostCookie } from '../../contract/cookies';
import { isOfOwnPage } from './own-page';

/**
 * Each login takes the one that the newest session has not: a logout whose answer comes late clears the cookie of its
 * own session. `__Host-` lets no other host set them, and no subdomain.
 */
const NAMES = ['__Host-tandem-a', '__Host-tandem-b'] as const;

type Name = (typeof NAMES)[number];
/** The token, and after its last dot the key. */
const VALUE = /^((?:[\w-]+\.){2}[\w-]+)\.([\w-]+)$/;

/** Names the session whose cookie a request means, or says `cookie` for whichever is the newest. No form can send it. */
export const SESSION_HEADER = 'Tandem-Session';
const NEWEST = 'cookie';

/** A refresh token with the key of its session, as a browser keeps it for pages that never see it. Nothing here is verified. */
export interface RefreshCookie {
  readonly name: Name;
  readonly token: string;
  readonly key: string;
  readonly sessionId: string;
}

@Injectable()
export class RefreshCookiesService {
  constructor(private readonly env: Env) {}

  get areOn(): boolean {
    return this.env.REFRESH_COOKIE !== 'off';
  }

  /** Where a new session goes. */
  nameBeside(newest: RefreshCookie | undefined): Name {
    return NAMES.find((name) => name !== newest?.name)!;
  }

  /**
   * Those of a request, the newest session first.
   *
   * @throws ApiException `REQUEST_REFUSED` for two of one name: nobody can tell which of them a browser has set.
   */
  in(headers: IncomingHttpHeaders): RefreshCookie[] {
    const found = NAMES.flatMap((name) => {
      const [value, ...others] = cookieValues(headers, name);
      if (others.length > 0) throw twoOfOneName();
      return cookieOf(name, value ?? '') ?? [];
    });
    return found.toSorted((a, b) => Number(BigInt(b.sessionId) - BigInt(a.sessionId)));
  }

  /**
   * The one that a request means.
   *
   * @throws ApiException `REQUEST_REFUSED` with 409 when it means another session, which is no reason to log out.
   */
  meantBy(headers: IncomingHttpHeaders): RefreshCookie | undefined {
    const cookies = this.in(headers);
    if (cookies.length === 0) return undefined;
    this.assertOwnPage(headers);
    const wanted = headers[SESSION_HEADER.toLowerCase()];
    const meant =
      wanted === NEWEST ? cookies[0] : cookies.find(({ sessionId }) => sessionId === wanted);
    if (!meant) throw anotherSession();
    return meant;
  }

  /** @throws ApiException `REQUEST_REFUSED` with 403 for what no page of ours has sent, by script. */
  assertOwnPage(headers: IncomingHttpHeaders): void {
    const isByScript = headers[SESSION_HEADER.toLowerCase()] !== undefined;
    if (!isByScript || !isOfOwnPage(headers, this.env)) throw notOfOwnPage();
  }

  /** The `Set-Cookie` that keeps it for as long as its session lives, in seconds. */
  keeping({ name, token, key }: Omit<RefreshCookie, 'sessionId'>, maxAge: number): string {
    return this.setting(name, `${token}.${key}`, maxAge);
  }

  /** The `Set-Cookie` that takes it away. */
  clearing(name: Name): string {
    return this.setting(name, '', 0);
  }

  private setting(name: Name, value: string, maxAge: number): string {
    const sameSite = this.env.REFRESH_COOKIE === 'cross-site' ? 'none' : 'lax';
    return hostCookie(name, value, { maxAge, sameSite });
  }
}

function cookieOf(name: Name, value: string): RefreshCookie | undefined {
  const [, token, key] = VALUE.exec(value) ?? [];
  const sessionId = token && sessionIn(token);
  return sessionId ? { name, token, key: key!, sessionId } : undefined;
}

/** The session that a refresh token says it is of. */
export function sessionIn(token: string): string | undefined {
  const [, payload = ''] = token.split('.');
  try {
    const { sid } = JSON.parse(Buffer.from(payload, 'base64url').toString()) as { sid?: unknown };
    return typeof sid === 'string' && isId(sid) ? sid : undefined;
  } catch {
    return undefined;
  }
}

export const twoOfOneName = () =>
  new ApiException('REQUEST_REFUSED', { message: 'Two cookies have one name.' });

export const notOfOwnPage = () =>
  new ApiException('REQUEST_REFUSED', {
    status: 403,
    message: `The cookie is for pages of listed origins, which send ${SESSION_HEADER}.`,
  });

export const anotherSession = () =>
  new ApiException('REQUEST_REFUSED', {
    status: 409,
    message: 'The cookie is of another session.',
  });
