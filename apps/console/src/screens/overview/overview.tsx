import { useLocation } from 'preact-iso/router';
import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import type { OverviewDto } from '../../contract.ts';
import { LiveMark } from '../../live/live-mark.tsx';
import { useLive } from '../../live/live.ts';
import { useLoad } from '../../load.ts';
import { ask } from '../../session/server.ts';
import { Screen } from '../../ui/screen.tsx';
import { Shown } from '../../ui/shown.tsx';
import { words } from '../../words/words.ts';
import { Alerts } from './alerts.tsx';
import { Attention } from './attention.tsx';
import { Budgets } from './budgets.tsx';
import { Feed } from './feed.tsx';
import { Figures } from './figures.tsx';
import { Jobs } from './jobs.tsx';
import { News } from './news.tsx';
import { Nodes } from './nodes.tsx';
import { RangeChoice, rangeIn } from './range-choice.tsx';
import { Refusals } from './refusals.tsx';

/** What happens is counted again no sooner than this. */
const REST_MS = 10_000;
/** A feed that stands still, or a node that is silent, sends no event: it is looked for as often as this. */
const LOOK_MS = 20_000;

export default function Overview() {
  const range = rangeIn(useLocation().query);
  const [changes, changed] = useRested();
  useLive(changed);
  const looks = useLooks();
  const loaded = useLoad(
    range,
    () => ask<OverviewDto>('GET', `/admin/overview?range=${range}`),
    changes + looks,
  );
  return (
    <Screen
      title={words.value.nav.overview}
      lead={<LiveMark />}
      actions={<RangeChoice range={range} />}
    >
      <News overview={loaded.data} />
      <Shown loaded={loaded}>
        {(overview) => (
          <>
            <Attention overview={overview} onActed={changed} />
            <Alerts alerts={overview.alerts} />
            <Figures overview={overview} />
            <div class="columns">
              <Refusals overview={overview} />
              <Budgets budgets={overview.budgets} />
            </div>
            <Nodes nodes={overview.nodes} />
            <div class="columns">
              <Feed />
              <Jobs jobs={overview.jobs} nodes={overview.nodes} />
            </div>
          </>
        )}
      </Shown>
    </Screen>
  );
}

/** @returns a count of changes, which grows some time after what calls the second. */
function useRested(): [number, () => void] {
  const [count, setCount] = useState(0);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const changed = useCallback(() => {
    timer.current ??= setTimeout(() => {
      timer.current = undefined;
      setCount((one) => one + 1);
    }, REST_MS);
  }, []);
  useEffect(() => () => clearTimeout(timer.current), []);
  return [count, changed];
}

/** @returns a count that grows while the page is visible. */
function useLooks(): number {
  const [count, setCount] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => {
      if (!document.hidden) setCount((one) => one + 1);
    }, LOOK_MS);
    return () => clearInterval(timer);
  }, []);
  return count;
}
