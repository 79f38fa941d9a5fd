import type { OverviewDto } from '../../contract.ts';
import { Facts } from '../../ui/facts.tsx';
import { duration } from '../../words/times.ts';
import { words } from '../../words/words.ts';

export function Delivered({
  overview: { delivered_median: median, delivered_p95: p95 },
}: {
  overview: OverviewDto;
}) {
  const { overview: text } = words.value;
  return (
    <section class="figure" aria-label={text.delivered}>
      <h2>{text.delivered}</h2>
      {median === null ? (
        <p class="quiet">{text.noReceipts}</p>
      ) : (
        <Facts
          of={[
            [text.half, duration(median)],
            [text.most, duration(p95!)],
          ]}
        />
      )}
    </section>
  );
}
