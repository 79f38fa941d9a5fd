import { newLimiter } from '../../test/support/new-limiter';
import { randomMobile } from '../../test/support/mobile';
import type { E164 } from '../common/phone-number';
import { counted } from './challenge-store';
import { limitsWith } from './limits';

const { points } = limitsWith({})['stray-guesses'];
const suspicion = { 'stray-guesses': 'all' };

describe('guesses that are counted apart from the store that judges them', () => {
  it('are judged as often as the limit of all numbers says, however many come at once', async () => {
    expect(await judged(points + 50, true)).toBe(points);
  });

  it('hold nothing of that limit for numbers that no code is under way for', async () => {
    const limiter = newLimiter();

    await judged(points, false, limiter);

    expect(await judged(points, true, limiter)).toBe(points);
  });
});

/** Of guesses at so many numbers at once. */
const judged = async (numbers: number, isLive: boolean, limiter = newLimiter()) => {
  let judgements = 0;
  const judge = {
    consume: async () => {
      judgements += 1;
      return null;
    },
    lives: async () => isLive,
  };
  const guesses = Array.from({ length: numbers }, () => {
    const mobile = randomMobile() as E164;
    return counted(limiter, { mobile, tags: [], charges: {}, suspicion }, judge);
  });
  await Promise.allSettled(guesses);
  return judgements;
};
