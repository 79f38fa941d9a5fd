/** RFC 9110, section 8.8.3; what `W/` says of a tag is left out. */
const ENTITY_TAG = /(?:W\/)?("[\x21\x23-\x7e\x80-\xff]*")/g;

/** Whether `If-None-Match` names `etag`: any (`*`) or one of a list, by weak comparison (RFC 9110, section 13.1.2). */
export function isNamedBy(header: string, etag: string): boolean {
  if (header.trim() === '*') return true;
  const isList = /^[\s,]*$/.test(header.replaceAll(ENTITY_TAG, ''));
  return isList && [...header.matchAll(ENTITY_TAG)].some(([, tag]) => tag === etag);
}
