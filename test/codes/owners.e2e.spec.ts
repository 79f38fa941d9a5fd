import * as fc from 'fast-check';
import { fromNewAddress } from '../support/address';
import { lapseLimit } from '../support/lapse';
import { randomMobile } from '../support/mobile';
import { FUZZ_SEED, FUZZES_FULLY } from '../support/scale';
import { LAST_MODE } from '../support/stores';
import { TestApp } from '../support/test-app';

const RUNS = { numRuns: FUZZES_FULLY ? 100 : 3, seed: FUZZ_SEED };
const OWNERS = 20;

/** What attackers and strangers do at the number of an owner, from somewhere else each time. */
const ACTS = ['ask', 'guess', 'guess with a handle of another number', 'ask and guess'] as const;

interface Owner {
  readonly mobile: string;
  readonly from: ReturnType<typeof fromNewAddress>;
  challenge?: string;
}

describe.each(LAST_MODE)('owners among attackers and strangers (%s)', (mode) => {
  let app: TestApp;

  beforeAll(async () => {
    const LIMITS = 'fresh-codes-per-country=999999/1h';
    app = await TestApp.start({ mode, env: { TRUST_PROXY: '1', LIMITS } });
  });
  afterAll(() => app.close());

  const ask = (mobile: string, from = fromNewAddress()) =>
    app.post('/auth/codes', { mobile }, from);
  const guess = (mobile: string, more: object = {}, from = fromNewAddress()) =>
    app.post('/auth/tokens', { mobile, code: wrongFor(mobile), ...more }, from);
  const wrongFor = (mobile: string) =>
    app.inbox.messages.findLast(({ to }) => to === mobile)?.code === '000000' ? '000001' : '000000';

  const attack = async (act: (typeof ACTS)[number], { mobile }: Owner, others: Owner[]) => {
    const from = fromNewAddress();
    if (act !== 'guess') await ask(mobile, from);
    if (act === 'ask') return;
    const challenge = act.startsWith('guess with') ? others[0]!.challenge : undefined;
    for (let count = 0; count < 4; count++) await guess(mobile, { challenge }, from);
  };

  it('rule 7: no owner with a handle, or where they asked, is refused a right code', async () => {
    const acts = fc.array(fc.tuple(fc.constantFrom(...ACTS), fc.nat(OWNERS - 1)), {
      minLength: 30,
      maxLength: 120,
    });
    await fc.assert(
      fc.asyncProperty(acts, fc.array(fc.nat(30), { minLength: 4 }), async (attacks, pauses) => {
        const owners: Owner[] = Array.from({ length: OWNERS }, () => ({
          mobile: randomMobile(),
          from: fromNewAddress(),
        }));
        for (const owner of owners)
          owner.challenge = (await ask(owner.mobile, owner.from)).body.challenge;
        const waiting = [...owners];
        for (const [index, [act, target]] of attacks.entries()) {
          await attack(act, owners[target]!, owners.toSpliced(target, 1));
          if (pauses.includes(index)) await enter(waiting.shift(), index % 2 === 0);
        }
        for (const [index, owner] of waiting.entries()) await enter(owner, index % 2 === 0);
        for (const { mobile } of owners) await lapseLimit(app, 'guesses-per-number', mobile);
      }),
      RUNS,
    );
  }, 300_000);

  /** By the handle, from anywhere; or as a client that has none, from where it asked. */
  const enter = async (owner: Owner | undefined, hasHandle: boolean) => {
    if (!owner) return;
    const { mobile, from, challenge } = owner;
    const code = app.inbox.codeFor(mobile);
    const answer = await (hasHandle
      ? app.post('/auth/tokens', { mobile, code, challenge }, fromNewAddress())
      : app.post('/auth/tokens', { mobile, code }, from));
    expect([answer.status, mobile]).toEqual([201, mobile]);
  };
});
