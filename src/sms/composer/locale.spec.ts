import type { E164 } from '../../common/phone-number';
import { chooseLocale } from './locale';

const CHINESE = '+8613812345678' as E164;
const AMERICAN = '+12015550123' as E164;

describe('the language of a message', () => {
  it.each([
    ['en', 'en'],
    ['en-GB', 'en'],
    ['zh', 'zh-CN'],
    ['zh-SG', 'zh-CN'],
    ['zh-Hans', 'zh-CN'],
    ['zh-Hans-HK', 'zh-CN'],
    ['zh-HK', 'zh-TW'],
    ['zh-MO', 'zh-TW'],
    ['zh-Hant', 'zh-TW'],
    ['zh-Hant-CN', 'zh-TW'],
    ['zh-tw', 'zh-TW'],
    ['pt', 'pt-BR'],
    ['pt-PT', 'pt-BR'],
    ['es-419', 'es'],
    ['de-AT', 'de'],
    ['in-ID', 'id'],
    ['ar-u-nu-arab', 'ar'],
    ['hi-IN', 'hi'],
    ['zh_CN', 'zh-CN'],
    ['zh_HK', 'zh-TW'],
    ['zh_Hant_HK', 'zh-TW'],
    ['zh-Hans_CN', 'zh-CN'],
    ['zh_TW_#Hant', 'zh-TW'],
    ['de_DE.UTF-8', 'de'],
    ['de_DE@euro', 'de'],
    ['en_US_POSIX', 'en'],
    ['in_ID', 'id'],
    ['zh-', 'zh-CN'],
    [' ja-JP\n', 'ja'],
    ['ja-JP,en;q=0.9', 'ja'],
  ])('is the one asked for: %s is answered in %s', (locale, chosen) => {
    const acceptLanguage = 'fr';

    expect(chooseLocale({ mobile: CHINESE, locale, acceptLanguage })).toBe(chosen);
  });

  it.each([
    ['fr', 'fr'],
    ['fr-CH, fr;q=0.9, en;q=0.8, *;q=0.5', 'fr'],
    ['en;q=0.1, ja;q=0.9', 'ja'],
    ['nl-NL, nl;q=0.9, de;q=0.5, en;q=0.4', 'de'],
    ['uk, ru;q=0.5', 'ru'],
    ['pt-PT, en;q=0.5', 'pt-BR'],
    ['zh-Hant-HK, zh;q=0.5', 'zh-TW'],
    ['fr;q=0, ko;q=0.2', 'ko'],
    ['*, th', 'th'],
    ['en_US, vi', 'en'],
    ['_, vi', 'vi'],
  ])('is else the preferred one of the header %j: %s', (acceptLanguage, chosen) => {
    expect(chooseLocale({ mobile: CHINESE, acceptLanguage })).toBe(chosen);
  });

  it.each([
    'nl',
    'uk-UA',
    'he',
    'sv',
    'und',
    'nl_NL.UTF-8',
    'C',
    'C.UTF-8',
    'POSIX',
    'Chinese (Simplified)',
    '中文',
    '\ud800',
    '*',
    '',
    'x-y',
    '__proto__',
    'a'.repeat(300),
    'a-'.repeat(5000),
  ])('is the next source’s where %j is asked for, which is not there', (locale) => {
    expect(chooseLocale({ mobile: CHINESE, locale, acceptLanguage: 'ja' })).toBe('ja');
    expect(chooseLocale({ mobile: CHINESE, locale })).toBe('zh-CN');
  });

  it.each([
    '',
    '*',
    ', ;q=,,;;=',
    'q=0.9',
    'fr;q=0',
    'fr;q=x',
    '\u0000\uffff',
    '"',
    '_',
    'nl, nb, sv',
    `fr,${'en;q=0.1,'.repeat(30)}`,
    'a-'.repeat(5000),
  ])('is that of the number’s country where the header says nothing: %j', (acceptLanguage) => {
    expect(chooseLocale({ mobile: CHINESE, acceptLanguage })).toBe('zh-CN');
  });

  it.each([
    ['+8613812345678', 'zh-CN'],
    ['+85251234567', 'zh-TW'],
    ['+85366123456', 'zh-TW'],
    ['+886912345678', 'zh-TW'],
    ['+819012345678', 'ja'],
    ['+821012345678', 'ko'],
    ['+34612345678', 'es'],
    ['+525512345678', 'es'],
    ['+17872345678', 'es'],
    ['+33612345678', 'fr'],
    ['+4915112345678', 'de'],
    ['+41781234567', 'de'],
    ['+5511961234567', 'pt-BR'],
    ['+351912345678', 'pt-BR'],
    ['+79161234567', 'ru'],
    ['+77012345678', 'ru'],
    ['+201001234567', 'ar'],
    ['+966512345678', 'ar'],
    ['+919812345678', 'hi'],
    ['+628123456789', 'id'],
    ['+84912345678', 'vi'],
    ['+66812345678', 'th'],
    ['+905321234567', 'tr'],
    ['+12015550123', 'en'],
    ['+14165550123', 'en'],
    ['+447400123456', 'en'],
    ['+6591234567', 'en'],
    ['+380501234567', 'en'],
    ['+31612345678', 'en'],
  ])('is else that of the number’s country: %s is answered in %s', (mobile, chosen) => {
    expect(chooseLocale({ mobile: mobile as E164 })).toBe(chosen);
  });

  it('is English where nothing says another', () => {
    expect(chooseLocale({ mobile: AMERICAN, locale: 'nl', acceptLanguage: 'sv, nb' })).toBe('en');
  });
});
