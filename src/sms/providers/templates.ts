/** What `ALIYUN_TEMPLATES` and `TENCENT_TEMPLATES` hold: template ids by language, `*` for all others. */
type Templates = Readonly<Record<string, string>>;

/** The template of the tag, or of a shorter and shorter one: the lookup of RFC 4647, section 3.4. */
export function templateFor(locale: string, templates: Templates): string {
  const ids = new Map(Object.entries(templates).map(([tag, id]) => [tag.toLowerCase(), id]));
  const subtags = locale.toLowerCase().split('-');
  while (subtags.length > 0) {
    const id = ids.get(subtags.join('-'));
    if (id) return id;
    subtags.pop();
  }
  return ids.get('*')!;
}
