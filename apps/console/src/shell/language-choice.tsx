import type { Language } from '@tandem/client/words';
import { keepLanguage, language, LANGUAGES, words } from '../words/words.ts';

const nameOf = (one: Language) => new Intl.DisplayNames(one, { type: 'language' }).of(one);

export function LanguageChoice() {
  return (
    <label class="language">
      <span class="hidden">{words.value.shell.language}</span>
      <select
        value={language.value}
        onChange={(event) => void keepLanguage(event.currentTarget.value as Language)}
      >
        {LANGUAGES.map((one) => (
          <option key={one} value={one} lang={one}>
            {nameOf(one)}
          </option>
        ))}
      </select>
    </label>
  );
}
