import { type Visit, wordsOf } from '../login-page/visit';
import type { Locale } from '../sms/composer/templates';
import type { AccountWords } from './words/account-word';
import { ar } from './words/ar';
import { de } from './words/de';
import { en } from './words/en';
import { es } from './words/es';
import { fr } from './words/fr';
import { hi } from './words/hi';
import { id } from './words/id';
import { ja } from './words/ja';
import { ko } from './words/ko';
import { ptBR } from './words/pt-BR';
import { ru } from './words/ru';
import { th } from './words/th';
import { tr } from './words/tr';
import { vi } from './words/vi';
import { zhCN } from './words/zh-CN';
import { zhTW } from './words/zh-TW';

const WORDS: Readonly<Record<Locale, AccountWords>> = {
  en,
  'zh-CN': zhCN,
  'zh-TW': zhTW,
  ja,
  ko,
  es,
  fr,
  de,
  'pt-BR': ptBR,
  ru,
  ar,
  hi,
  id,
  vi,
  th,
  tr,
};

/** With those of the forms that other pages have, too. */
export const accountWordsOf = ({ lang }: Pick<Visit, 'lang'>) => ({
  ...wordsOf({ lang }),
  account: WORDS[lang],
});
