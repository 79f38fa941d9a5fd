import type { OverviewDto } from '../../contract.ts';
import { Facts } from '../../ui/facts.tsx';
import { Link } from '../../ui/link.tsx';
import { duration } from '../../words/times.ts';
import { words } from '../../words/words.ts';
import { listOf } from './list-of.ts';

export function Delivered({ overview }: { overview: OverviewDto }) {
  const { overview: text } = words.value;
  const { delivered_median: median, delivered_p95: p95 } = overview;
  const timed = (seconds: number) => (
    <Link path={listOf(overview, '/sms', { receipt: 'delivered' })}>{duration(seconds)}</Link>
  );
  return (
    <section class="figure" aria-label={text.delivered}>
      <h2>{text.delivered}</h2>
      {median === null ? (
        <p class="quiet">{text.noReceipts}</p>
      ) : (
        <Facts
          of={[
            [text.half, timed(median)],
            [text.most, timed(p95!)],
          ]}
        />
      )}
    </section>
  );
}
