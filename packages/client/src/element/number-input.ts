import { typedDigits } from './typed-digits.ts';

/** The number of a form with its country code: a national one is of the country that is chosen. */
export function numberIn(form: HTMLFormElement): string {
  const { value } = mobileOf(form);
  const code = countriesOf(form)?.selectedOptions[0]?.dataset.code;
  const isNational = /^[1-9]|^0[1-9]/.test(typedDigits(value));
  return isNational && code ? `+${code}${typedDigits(value)}` : value;
}

/** The list shows the country of a number that names it, if only one has its code. */
export function followCountry(form: HTMLFormElement): void {
  const list = countriesOf(form);
  const number = typedDigits(mobileOf(form).value).replace(/^00/, '+');
  const fitting = [...(list?.options ?? [])].filter(({ dataset }) =>
    number.startsWith(`+${dataset.code}`),
  );
  if (fitting.length === 1) list!.value = fitting[0]!.value;
}

const mobileOf = (form: HTMLFormElement) => form.elements.namedItem('mobile') as HTMLInputElement;

const countriesOf = (form: HTMLFormElement) =>
  form.elements.namedItem('country') as HTMLSelectElement | null;
