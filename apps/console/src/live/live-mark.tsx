import { Badge } from '../ui/badge.tsx';
import { localTime } from '../words/times.ts';
import { fill, words } from '../words/words.ts';
import { heardAt, isBehind } from './live.ts';

/** Whether what is shown is of now. */
export function LiveMark() {
  const { common } = words.value;
  const at = heardAt.value;
  if (at === null) return <Badge>{common.connecting}</Badge>;
  if (!isBehind.value) return <Badge tone="good">{common.live}</Badge>;
  return <Badge tone="warn">{fill(common.behind, { time: localTime(new Date(at)) })}</Badge>;
}
