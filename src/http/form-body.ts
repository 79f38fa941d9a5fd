import { givenTwice } from '../contract/form.decorator';

/**
 * The parameters `names` of an `application/x-www-form-urlencoded` body. Others are ignored, as RFC 6749
 * asks in section 3.2.
 *
 * @throws ApiException `VALIDATION_FAILED` for a parameter that is given twice (RFC 6749, section 3.2).
 */
export function parseFormBody(bytes: Buffer, names: readonly string[]): object {
  const form = new URLSearchParams(bytes.toString());
  if (new Set(form.keys()).size < form.size) throw givenTwice();
  return Object.fromEntries([...form].filter(([name]) => names.includes(name)));
}
