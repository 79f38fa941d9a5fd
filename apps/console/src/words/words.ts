import { signal } from '@preact/signals';
import type { TandemError } from '@tandem/client';
import {
  languageFor,
  loadWords,
  sentenceFor,
  type Language,
  type Words as ClientWords,
} from '@tandem/client/words';
import { en, type Words } from './en.ts';
import { textOf } from './text.ts';

const KEY = 'tandem console language';
/** The others fall back to English. */
const CONSOLE_LANGUAGES: Partial<Record<Language, () => Promise<Words>>> = {
  en: () => Promise.resolve(en),
  'zh-CN': async () => (await import('./zh-CN.ts')).zhCN,
};

export const LANGUAGES = Object.keys(CONSOLE_LANGUAGES) as Language[];
export const words = signal<Words>(en);
export const language = signal<Language>('en');
/** What errors are called, once they are loaded. */
const errors = signal<ClientWords | null>(null);

export async function startWords(): Promise<void> {
  const kept = localStorage.getItem(KEY);
  const wanted = languageFor(kept ? [kept] : navigator.languages);
  await speak(wanted in CONSOLE_LANGUAGES ? wanted : 'en');
}

export async function speak(next: Language): Promise<void> {
  words.value = await CONSOLE_LANGUAGES[next]!();
  language.value = next;
  document.documentElement.lang = next;
  errors.value = await loadWords(next).catch(() => null);
}

export function keepLanguage(next: Language): Promise<void> {
  localStorage.setItem(KEY, next);
  return speak(next);
}

/** A text with its gaps filled. */
export const fill = (text: string, values: Record<string, unknown>): string =>
  text.replaceAll(/\{(\w+)\}/g, (gap, name: string) => textOf(values[name] ?? gap));

export function sentenceOf(error: TandemError): string {
  if (error.errorCode === 'VALIDATION_FAILED') return error.message;
  return errors.value ? sentenceFor(error, errors.value, language.value) : error.message;
}
