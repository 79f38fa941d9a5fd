import type { CodePurpose } from '../../common/code-purposes';

/** What `ALIYUN_TEMPLATES` and `TENCENT_TEMPLATES` hold: template ids by language, `*` for all others. */
type Templates = Readonly<Record<string, string>>;

/** Subtags for private use (RFC 5646, section 2.2.7) under which codes that are for no login may have templates of their own. */
const PRIVATE_USE: Record<CodePurpose, string> = {
  mobile_change: 'x-change',
  deletion: 'x-deletion',
};

/** The template of the tag, or of a shorter and shorter one: the lookup of RFC 4647, section 3.4. */
export function templateFor(locale: string, templates: Templates, purpose?: CodePurpose): string {
  const ids = new Map(Object.entries(templates).map(([tag, id]) => [tag.toLowerCase(), id]));
  const subtags = locale.toLowerCase().split('-');
  const ranges = subtags.map((_, cut) => subtags.slice(0, subtags.length - cut).join('-'));
  const suffix = purpose && PRIVATE_USE[purpose];
  const ofPurpose = suffix ? [...ranges.map((range) => `${range}-${suffix}`), suffix] : [];
  const tag = [...ofPurpose, ...ranges].find((one) => ids.has(one)) ?? '*';
  return ids.get(tag)!;
}
