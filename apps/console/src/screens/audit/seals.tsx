import type { SealsDto } from '../../contract.ts';
import { useLoad } from '../../load.ts';
import { ask } from '../../session/server.ts';
import { Shown } from '../../ui/shown.tsx';
import { amount } from '../../words/times.ts';
import { fill, words } from '../../words/words.ts';

/** Whether the newest rows are what was written. */
export function Seals() {
  const { audit: text } = words.value;
  const loaded = useLoad('seals', () => ask<SealsDto>('GET', '/admin/audit/seals'));
  return (
    <Shown loaded={loaded}>
      {({ seals, events, unsealed, broken }) =>
        broken ? (
          <div class="answer bad">
            <p class="sentence">{fill(text.broken, { broken })}</p>
            <p>{text.brokenHint}</p>
          </div>
        ) : (
          <p class="quiet">
            {fill(text.sealed, { seals: amount(seals), events: amount(events) })}{' '}
            {unsealed > 0 && fill(text.unsealed, { unsealed: amount(unsealed) })}
          </p>
        )
      }
    </Shown>
  );
}
