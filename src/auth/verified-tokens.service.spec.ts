import { ApiException } from '../common/errors';
import type { ActivityService } from '../sessions/activity.service';
import type { RevocationListService } from '../sessions/revocation-list.service';
import type { TokenKeysService } from './keys/token-keys.service';
import type { TokenService } from './token.service';
import { VerifiedTokensService } from './verified-tokens.service';

const CLAIMS = { sub: '1', sid: '2', exp: 4_102_444_800, refresh: false };
const PRINCIPAL = { tokenUse: 'access', userId: '1', sessionId: '2', roles: [] };

describe('the tokens that were verified', () => {
  const keys = {};
  const activity = { touch: () => {} };
  const revocations = { assertRead: () => {}, has: () => false };
  const tokens = { isCurrent: () => true };
  let verified: VerifiedTokensService;

  beforeEach(() => {
    verified = new VerifiedTokensService(
      activity as unknown as ActivityService,
      { of: () => keys } as unknown as TokenKeysService,
      revocations as unknown as RevocationListService,
      tokens as unknown as TokenService,
    );
  });

  afterEach(() => jest.restoreAllMocks());

  const isKept = (authorization: string) => verified.recall(authorization) !== undefined;

  it('are forgotten beyond 20,000, those first that were not used for longest', () => {
    const headers = Array.from({ length: 25_000 }, (_, index) => `Bearer ${index}`);

    for (const header of headers) {
      verified.accept(header, CLAIMS);
      isKept(headers[0]!);
    }

    const kept = headers.filter(isKept);
    expect(kept).toHaveLength(20_000);
    expect([kept[0], kept.at(-1)]).toEqual([headers[0], headers.at(-1)]);
  });

  it('are kept in one spelling each, so that nobody fills the memory with one token', () => {
    const spaces = ' '.repeat(10_000);
    const spellings = [`Bearer ${spaces}token`, 'Bearer  token', 'bearer token', 'BEARER token'];

    for (const spelling of spellings) {
      expect(verified.accept(spelling, CLAIMS)).toEqual(PRINCIPAL);
    }

    expect(spellings.filter(isKept)).toEqual([]);
  });

  it('count as a use of their session each time', () => {
    const touch = jest.spyOn(activity, 'touch');

    verified.accept('Bearer token', CLAIMS);
    verified.recall('Bearer token');

    expect(touch.mock.calls).toEqual([['2'], ['2']]);
  });

  it('do not open routes, and are not refused for good, while nobody knows which sessions have ended', () => {
    verified.accept('Bearer token', CLAIMS);
    jest.spyOn(revocations, 'assertRead').mockImplementationOnce(() => {
      throw new ApiException('UNAVAILABLE');
    });

    expect(() => verified.recall('Bearer token')).toThrow(ApiException);
    expect(isKept('Bearer token')).toBe(true);
  });
});
