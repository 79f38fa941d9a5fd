import { localTime, utcTime } from '../words/times.ts';
import { words } from '../words/words.ts';

/** In the zone of the viewer, and in UTC under the pointer. */
export function Time({ at }: { at: string | null | undefined }) {
  if (!at) return <span class="quiet">{words.value.common.never}</span>;
  const date = new Date(at);
  return (
    <time dateTime={at} title={utcTime(date)}>
      {localTime(date)}
    </time>
  );
}
