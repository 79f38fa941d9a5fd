import { TandemError } from '@tandem/client';
import { languageFor, languages, loadWords, sentenceFor } from '@tandem/client/words';
import { ERRORS, LIMIT_KINDS } from '../../src/common/errors';
import { LOCALES } from '../../src/sms/composer/templates';

describe('words for people', () => {
  it('are in the languages of the messages', () => {
    expect(languages).toEqual(LOCALES);
  });

  it.each(LOCALES)('have a sentence in %s for everything that may be said', async (language) => {
    const { errors, limits, states, ends, tryAgainIn } = await loadWords(language);

    expect(Object.keys(errors).toSorted()).toEqual(
      [...Object.keys(ERRORS), 'NO_ANSWER'].toSorted(),
    );
    expect(Object.keys(limits)).toEqual([...LIMIT_KINDS]);
    expect(tryAgainIn).toContain('{time}');
    for (const sentence of [errors, limits, states, ends].flatMap((all) => Object.values(all))) {
      expect(sentence).toMatch(/\p{L}{2}/u);
      expect(sentence).not.toMatch(/[{}]|\p{C}/u);
    }
  });

  it('differ from language to language', async () => {
    const all = await Promise.all(languages.map((language) => loadWords(language)));

    expect(new Set(all.map(({ errors }) => errors.INVALID_CODE)).size).toBe(languages.length);
  });

  it.each([
    ['zh-TW', ['zh-HK', 'en']],
    ['zh-CN', ['zh-Hans-SG']],
    ['pt-BR', ['pt-PT']],
    ['de', ['nl', 'de-AT', 'en']],
    ['en', ['nl', '*']],
  ])('are read in %s by who prefers %j', (language, wanted) => {
    expect(languageFor(wanted)).toBe(language);
  });

  it('say which limit it was, and when to try again', async () => {
    const error = new TandemError('TOO_MANY_REQUESTS', { limit: 'number', retryAfter: 120 });

    expect(sentenceFor(error, await loadWords('en'), 'en')).toBe(
      'Too many codes for this number. Try again in 2 minutes.',
    );
    expect(sentenceFor(error, await loadWords('de'), 'de')).toBe(
      'Zu viele Codes für diese Nummer. Versuchen Sie es in 2 Minuten noch einmal.',
    );
  });
});
