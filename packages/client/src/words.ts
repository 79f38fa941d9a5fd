import type { LimitKind } from './contract.ts';
import type { ClientErrorCode, TandemError } from './errors.ts';
import type { EndReason } from './kept.ts';
import type { SessionState, SessionStatus } from './session.ts';
import { timeIn } from './time-in.ts';

/** What people read, in one language. One that is missing does not compile. */
export interface Words {
  readonly errors: Readonly<Record<ClientErrorCode, string>>;
  readonly limits: Readonly<Record<LimitKind, string>>;
  /** With `{time}`. */
  readonly tryAgainIn: string;
  /** Of the login page, with `{number}` and `{time}`. */
  readonly form: Readonly<Record<FormWord, string>>;
  /** For a number that is, or was, somebody else's; with `{date}`. */
  readonly claims: Readonly<Record<ClaimWord, string>>;
  readonly states: Readonly<Record<SessionStatus, string>>;
  readonly ends: Readonly<Record<EndReason, string>>;
}

export type FormWord =
  | 'title'
  | 'number'
  | 'country'
  | 'send'
  | 'code'
  | 'sent'
  | 'logIn'
  | 'resend'
  | 'resendIn'
  | 'otherNumber'
  | 'byPassword'
  | 'byCode'
  | 'name'
  | 'password'
  | 'helpTitle'
  | 'help'
  | 'language'
  | 'change'
  | 'scripts'
  | 'checking'
  | 'badLink'
  | 'stale'
  | 'agree';

type ClaimWord =
  | 'takeBackHelp'
  | 'takeBack'
  | 'notMine'
  | 'kept'
  | 'takenBack'
  | 'recovery'
  | 'question'
  | 'asked'
  | 'mine'
  | 'password'
  | 'withoutPassword'
  | 'fresh'
  | 'freshHelp'
  | 'waits';

type Load = () => Promise<{ readonly words: Words }>;

/** The languages of the messages. Each is a file of its own, which is loaded when somebody reads it. */
const LANGUAGES = {
  en: () => import('./locales/en.ts'),
  'zh-CN': () => import('./locales/zh-CN.ts'),
  'zh-TW': () => import('./locales/zh-TW.ts'),
  ja: () => import('./locales/ja.ts'),
  ko: () => import('./locales/ko.ts'),
  es: () => import('./locales/es.ts'),
  fr: () => import('./locales/fr.ts'),
  de: () => import('./locales/de.ts'),
  'pt-BR': () => import('./locales/pt-BR.ts'),
  ru: () => import('./locales/ru.ts'),
  ar: () => import('./locales/ar.ts'),
  hi: () => import('./locales/hi.ts'),
  id: () => import('./locales/id.ts'),
  vi: () => import('./locales/vi.ts'),
  th: () => import('./locales/th.ts'),
  tr: () => import('./locales/tr.ts'),
} as const satisfies Record<string, Load>;

export type Language = keyof typeof LANGUAGES;

export const languages = Object.keys(LANGUAGES) as Language[];

/** The first of `wanted` (`navigator.languages`) that there are words in, else English. */
export function languageFor(wanted: readonly string[]): Language {
  for (const tag of wanted) {
    const found = languages.find((language) => matches(tag, language));
    if (found) return found;
  }
  return 'en';
}

export async function loadWords(language: Language): Promise<Words> {
  return (await LANGUAGES[language]()).words;
}

/** A sentence for a failure, and when to try again. */
export function sentenceFor(error: TandemError, words: Words, language: string): string {
  const { errorCode, limit, retryAfter } = error;
  const what = limit ? words.limits[limit] : words.errors[errorCode];
  if (!retryAfter) return what;
  return `${what} ${words.tryAgainIn.replace('{time}', timeIn(retryAfter, language))}`;
}

export function sentenceForState({ status, reason }: SessionState, words: Words): string {
  return reason ? words.ends[reason] : words.states[status];
}

/** By script where a language has two: `zh-HK` reads `zh-TW`. `pt-PT` reads `pt-BR`. */
function matches(tag: string, language: Language): boolean {
  try {
    const [asked, ours] = [tag, language].map((one) => new Intl.Locale(one).maximize());
    return asked!.language === ours!.language && asked!.script === ours!.script;
  } catch {
    return false;
  }
}
