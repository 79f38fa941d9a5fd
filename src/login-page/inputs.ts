import { type Html, html, type Part } from './html';

/** Whose numbers are served, as a reader of a language knows them. */
export interface Countries {
  readonly named: readonly (readonly [code: string, name: string, callingCode: string])[];
  readonly chosen?: string;
}

export function mobileInput(
  prefix: string,
  label: string,
  value: string | undefined,
  about: Part,
): Html {
  return html`<label for="${prefix}mobile">${label}</label>
    <input
      id="${prefix}mobile"
      name="mobile"
      type="tel"
      inputmode="tel"
      autocomplete="tel"
      dir="ltr"
      required
      maxlength="64"
      value="${value}"
      ${about}
    />`;
}

/** One input and no `maxlength`: phones fill six digits as one. */
export function codeInput(
  prefix: string,
  label: string,
  value: string | undefined,
  about: Part,
): Html {
  return html`<label for="${prefix}code">${label}</label>
    <input
      class="code"
      id="${prefix}code"
      name="code"
      inputmode="numeric"
      autocomplete="one-time-code"
      dir="ltr"
      required
      autofocus
      value="${value}"
      ${about}
    />`;
}

export function countryList(
  prefix: string,
  label: string,
  { named, chosen }: Countries,
  typed?: { country?: string },
): Html {
  const options = named.map(
    ([code, name, callingCode]) =>
      html`<option
        value="${code}"
        data-code="${callingCode}"
        ${code === (typed?.country ?? chosen) && html` selected`}
      >
        ${name}
      </option>`,
  );
  return html`<label for="${prefix}country">${label}</label>
    <select id="${prefix}country" name="country" autocomplete="country">
      ${options}
    </select>`;
}

export function hiddenInputs(fields: Record<string, string>): Html[] {
  return Object.entries(fields).map(
    ([name, value]) => html`<input type="hidden" name="${name}" value="${value}" />`,
  );
}

/** Says of an input what is wrong with it, and what else describes it. */
export function described(prefix: string, error?: string, more = '') {
  if (error === undefined) return more && html` aria-describedby="${more}"`;
  return html` aria-invalid="true" aria-describedby="${prefix}error${more && ` ${more}`}"`;
}
