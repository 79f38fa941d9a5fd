import type { MomentDto, TimelineDto } from '../../contract.ts';
import { usePages } from '../../pages.ts';
import { ask } from '../../session/server.ts';
import { Listed } from '../../ui/listed.tsx';
import { Section } from '../../ui/section.tsx';
import { words } from '../../words/words.ts';
import { Moment } from './moment.tsx';

/** Codes, deliveries, guesses, logins and changes, the newest first. */
export function Timeline({ user, changes }: { user: string; changes: number }) {
  const { user: text } = words.value;
  const load = async (after?: string) => {
    const query = after ? `?after=${after}` : '';
    const path = `/admin/users/${user}/timeline${query}`;
    const { moments, has_more: hasMore } = await ask<TimelineDto>('GET', path);
    return { rows: moments, hasMore };
  };
  const pages = usePages<MomentDto>(user, load, changes);
  return (
    <Section title={text.timeline}>
      <Listed pages={pages}>
        {pages.rows.length === 0 && <p class="empty">{text.noTimeline}</p>}
        <ol class="moments">
          {pages.rows.map((moment) => (
            <Moment key={moment.id} of={moment} />
          ))}
        </ol>
      </Listed>
    </Section>
  );
}
