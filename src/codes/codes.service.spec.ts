import type { E164 } from '../common/phone-number';
import { parseEnv } from '../config/load-env';
import { KeyRing } from '../config/key-ring';
import { MetricsService } from '../observability/metrics.service';
import type { SmsSender } from '../sms/sms-sender.service';
import type { Challenge } from './challenge.entity';
import type { ChallengeStore } from './challenge-store';
import { CodesService } from './codes.service';
import { LimiterService } from './limiter.service';
import { LIMITS, type Limits } from './limits';

const MOBILE = '+8613812345678' as E164;
const MANY = 3000;
const UNLIMITED = Object.fromEntries(
  Object.entries(LIMITS).map(([name, limit]) => [name, { ...limit, points: MANY }]),
) as Limits;

describe('the codes of many challenges', () => {
  const challenges: Challenge[] = [];
  let codes: string[];

  beforeAll(async () => {
    codes = await sentCodes('a key', MANY, (candidate) => {
      challenges.push(candidate);
      return candidate;
    });
  });

  it('rule 5: have six digits each, also those below 100000', () => {
    expect(codes.filter((code) => !/^[0-9]{6}$/.test(code))).toEqual([]);
    expect(codes.filter((code) => code.startsWith('0'))).not.toEqual([]);
  });

  it('rule 5: use every digit at every place about equally often', () => {
    for (let place = 0; place < 6; place++) {
      const counts = countBy(codes.map((code) => code[place]!));

      expect(counts.size).toBe(10);
      expect(Math.min(...counts.values())).toBeGreaterThan(200);
      expect(Math.max(...counts.values())).toBeLessThan(400);
    }
  });

  it('rule 5: are the same on every node with the key, and others with another key', async () => {
    const sameKey = await resentCodes('a key', challenges.slice(0, 20));
    const otherKey = await resentCodes('another key', challenges.slice(0, 20));

    expect(sameKey).toEqual(codes.slice(0, 20));
    expect(otherKey).not.toEqual(sameKey);
  });
});

/** The codes of `count` sends by a service whose store opens challenges with `open`. */
async function sentCodes(secret: string, count: number, open: (candidate: Challenge) => Challenge) {
  const codes: string[] = [];
  const service = new CodesService(
    new KeyRing(secret),
    { open: async (candidate) => open(candidate) } as Partial<ChallengeStore> as ChallengeStore,
    parseEnv({}),
    new LimiterService(UNLIMITED),
    new MetricsService(),
    { send: async ({ code }) => void codes.push(code) } as Partial<SmsSender> as SmsSender,
  );
  for (let sent = 0; sent < count; sent++) await service.send(MOBILE, '203.0.113.7');
  return codes;
}

function resentCodes(secret: string, opened: Challenge[]): Promise<string[]> {
  const live = opened.values();
  return sentCodes(secret, opened.length, () => live.next().value!);
}

function countBy(values: string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}
