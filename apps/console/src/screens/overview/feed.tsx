import { events } from '../../live/live.ts';
import { UserLink } from '../../ui/link.tsx';
import { Section } from '../../ui/section.tsx';
import { Time } from '../../ui/time.tsx';
import { words } from '../../words/words.ts';

const SHOWN = 12;

/** The newest events, as they come. */
export function Feed() {
  const { overview: text } = words.value;
  return (
    <Section title={text.lastEvents}>
      {events.value.length === 0 && <p class="empty">{text.noEvents}</p>}
      <ol class="moments">
        {events.value.slice(0, SHOWN).map(({ id, type, timestamp, data }) => (
          <li key={id}>
            <Time at={timestamp} />
            <div>
              <b>{type}</b> {typeof data.user_id === 'string' && <UserLink id={data.user_id} />}
            </div>
          </li>
        ))}
      </ol>
    </Section>
  );
}
