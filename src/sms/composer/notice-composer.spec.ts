import { NOTICE_KINDS } from '../../common/notice-kinds';
import type { E164 } from '../../common/phone-number';
import { parseEnv } from '../../config/load-env';
import { NoticeComposer } from './notice-composer';
import { segmentsOf } from './segments';
import { LOCALES } from './templates';

const MOBILE = '+12015550123' as E164;
const composer = (APP_NAME = 'Tandem') => new NoticeComposer(parseEnv({ APP_NAME }));

describe.each(LOCALES)('a security notice in %s', (locale) => {
  it.each(NOTICE_KINDS)('of %s names the app, fits one SMS and says what to do', (kind) => {
    const { text, what, ...rest } = composer().compose(kind, { mobile: MOBILE, locale });

    expect(rest).toEqual({ locale });
    expect(text).toContain('Tandem');
    expect(text).toContain(what);
    expect(text).not.toMatch(/[{}]/);
    expect(text.length).toBeGreaterThan(what.length + 'Tandem: '.length);
    expect(segmentsOf(text)).toBe(1);
  });

  it('has words of its own for each kind', () => {
    const texts = NOTICE_KINDS.map(
      (kind) => composer().compose(kind, { mobile: MOBILE, locale }).what,
    );
    expect(new Set(texts).size).toBe(NOTICE_KINDS.length);
  });
});

it('a security notice of an app with a long name says what was done, and no more', () => {
  const { text } = composer('A name of thirty-six characters here').compose('password_changed', {
    mobile: MOBILE,
    locale: 'ru',
  });

  expect(text).toBe('A name of thirty-six characters here: пароль изменён');
});
