import { ApiException } from '../common/errors';
import { parseEnv } from '../config/load-env';
import type { RevocationListService } from '../sessions/revocation-list.service';
import type { TokenKeysService } from './keys/token-keys.service';
import type { TokenService } from './token.service';
import { VerifiedRefreshTokensService } from './verified-refresh-tokens.service';

const HEADER = 'Bearer token';
const CLAIMS = { sub: '1', sid: '2', gen: 3, exp: 4_102_444_800, refresh: true };
const PRINCIPAL = { tokenUse: 'refresh', userId: '1', sessionId: '2', generation: 3 };

describe('the refresh tokens that were verified', () => {
  let keys = {};
  const revocations = { assertRead: () => {} };
  const tokens = { isCurrent: () => true };
  const serviceWith = (variables: Record<string, string>) =>
    new VerifiedRefreshTokensService(
      parseEnv(variables),
      { of: () => keys } as unknown as TokenKeysService,
      revocations as unknown as RevocationListService,
      tokens as unknown as TokenService,
    );
  let verified: VerifiedRefreshTokensService;

  beforeEach(() => (verified = serviceWith({})));
  afterEach(() => jest.restoreAllMocks());

  it('are known again, and stand for the same session', () => {
    verified.accept(HEADER, CLAIMS);

    expect(verified.recall(HEADER)).toMatchObject(PRINCIPAL);
    expect(verified.recall('Bearer another')).toBeUndefined();
  });

  it('are not kept with rotation, where each is used once', () => {
    const rotating = serviceWith({ REFRESH_ROTATION: 'on' });

    expect(rotating.accept(HEADER, CLAIMS)).toMatchObject(PRINCIPAL);
    expect(rotating.recall(HEADER)).toBeUndefined();
  });

  it('are unknown once their time is over, and stay so', () => {
    verified.accept(HEADER, CLAIMS);
    jest.spyOn(tokens, 'isCurrent').mockReturnValueOnce(false);

    expect(verified.recall(HEADER)).toBeUndefined();
    expect(verified.recall(HEADER)).toBeUndefined();
  });

  it('are unknown once the keys have changed', () => {
    verified.accept(HEADER, CLAIMS);
    keys = {};

    expect(verified.recall(HEADER)).toBeUndefined();
  });

  it('are neither accepted nor refused while nobody knows the time', () => {
    verified.accept(HEADER, CLAIMS);
    jest.spyOn(revocations, 'assertRead').mockImplementationOnce(() => {
      throw new ApiException('UNAVAILABLE');
    });

    expect(() => verified.recall(HEADER)).toThrow(ApiException);
    expect(verified.recall(HEADER)).toMatchObject(PRINCIPAL);
  });

  it('are not kept when they are none', () => {
    expect(verified.accept(HEADER, { ...CLAIMS, refresh: false })).toBeNull();
    expect(verified.recall(HEADER)).toBeUndefined();
  });
});
