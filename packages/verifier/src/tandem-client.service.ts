import { Inject, Injectable } from '@nestjs/common';
import { Settings } from './options';
import { Refusal } from './refusal';

/** What Tandem tells other services of a user. */
export interface TandemUser {
  id: string;
  /** The masked mobile number until the user changes it. */
  name: string;
  status: 'active' | 'disabled';
  /** ISO 8601. */
  created_at: string;
  /** Masked. */
  mobile: string;
  avatar_url: string | null;
  locale: string | null;
  time_zone: string | null;
}

export interface RevocationsPage {
  revocations: { sid: string }[];
  cursor: string;
  more: boolean;
}

/** Asks Tandem, as one of its `SERVICE_CLIENTS`. */
@Injectable()
export class TandemClient {
  constructor(@Inject(Settings) private readonly settings: Settings) {}

  /**
   * @returns null when there is no such user.
   * @throws HttpException 503 when Tandem cannot be asked.
   */
  async getUser(id: string): Promise<TandemUser | null> {
    try {
      const response = await this.get(`/auth/users/${encodeURIComponent(id)}`, [404]);
      return response.ok ? ((await response.json()) as TandemUser) : null;
    } catch (error) {
      throw new Refusal('UNAVAILABLE', error);
    }
  }

  /**
   * The sessions that ended since a cursor. Null means that nothing was added since the answer with this `etag`.
   *
   * @throws Error that says what Tandem answered.
   */
  async readRevocations(
    { cursor, etag }: { cursor?: string; etag?: string },
    signal: AbortSignal,
  ): Promise<(RevocationsPage & { etag?: string }) | null> {
    const query = cursor ? `?after=${encodeURIComponent(cursor)}` : '';
    const headers = etag ? { 'if-none-match': etag } : undefined;
    const response = await this.get(`/auth/revocations${query}`, [304], { headers, signal });
    if (response.status === 304) return null;
    const page = (await response.json()) as RevocationsPage;
    if (!isPage(page)) throw new Error('what answers /auth/revocations is not Tandem');
    return { ...page, etag: response.headers.get('etag') ?? undefined };
  }

  private async get(
    path: string,
    expected: number[],
    { headers, signal }: { headers?: Record<string, string>; signal?: AbortSignal } = {},
  ): Promise<Response> {
    const timeout = AbortSignal.timeout(this.settings.options.timeout * 1000);
    const response = await fetch(this.settings.urlOf(path), {
      headers: { ...headers, authorization: this.settings.authorization },
      // Credentials go nowhere else.
      redirect: 'error',
      signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
    });
    if (response.ok || expected.includes(response.status)) return response;
    throw new Error(`Tandem answers ${response.status}: ${(await response.text()).slice(0, 200)}`);
  }
}

function isPage(page: Partial<RevocationsPage> | null): boolean {
  return Array.isArray(page?.revocations) && typeof page.cursor === 'string';
}
