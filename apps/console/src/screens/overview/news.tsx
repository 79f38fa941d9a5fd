import { useEffect, useRef, useState } from 'preact/hooks';
import type { OverviewDto } from '../../contract.ts';
import { sentenceOfAlert } from './alerts.tsx';
import { pausesIn, sentenceOfAttack, sentenceOfPause } from './attention.tsx';

/** Tells screen readers which alerts and attacks are new. It is there before they are: else none would be read. */
export function News({ overview }: { overview: OverviewDto | undefined }) {
  const known = useRef<ReadonlySet<string>>(new Set());
  const [news, setNews] = useState('');
  useEffect(() => {
    if (!overview) return;
    const told = sentencesIn(overview);
    const unknown = [...told].filter(([key]) => !known.current.has(key));
    known.current = new Set(told.keys());
    setNews(unknown.map(([, sentence]) => sentence).join(' '));
  }, [overview]);
  return (
    <p class="hidden" role="status">
      {news}
    </p>
  );
}

/** By what each is about: its numbers change while it lasts. */
const sentencesIn = (overview: OverviewDto): ReadonlyMap<string, string> =>
  new Map([
    ...overview.attacks.map(
      (attack) => [`attack ${attack.network}`, sentenceOfAttack(attack)] as const,
    ),
    ...pausesIn(overview).map((pause) => [`pause ${pause.scope}`, sentenceOfPause(pause)] as const),
    ...overview.alerts.map(
      (alert) => [`${alert.kind} ${alert.subject}`, sentenceOfAlert(alert)] as const,
    ),
  ]);
