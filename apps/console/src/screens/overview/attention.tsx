import type { AttackDto, OverviewDto, PauseDto } from '../../contract.ts';
import { may } from '../../session/may.ts';
import { Link } from '../../ui/link.tsx';
import { Section } from '../../ui/section.tsx';
import { fill, words } from '../../words/words.ts';
import { AddBlock } from '../sms/add-block.tsx';
import { LiftPause } from '../sms/lift-pause.tsx';
import { prefixOf } from '../sms/prefix.ts';

const MINUTES = 15;

/** Attacks under way, each with what stops it. */
export function Attention({ overview, onActed }: { overview: OverviewDto; onActed: () => void }) {
  const { overview: text } = words.value;
  const paused = pausesIn(overview);
  if (overview.attacks.length + paused.length === 0) return null;
  return (
    <Section title={text.attacks}>
      <ul class="attacks">
        {overview.attacks.map((attack) => (
          <Attack key={attack.network} of={attack} onActed={onActed} />
        ))}
        {paused.map((pause) => (
          <Pause key={pause.scope} of={pause} onActed={onActed} />
        ))}
      </ul>
    </Section>
  );
}

function Attack({ of, onActed }: { of: AttackDto; onActed: () => void }) {
  const since = new Date(Date.now() - MINUTES * 60_000).toISOString();
  return (
    <li class="answer bad">
      <p class="sentence">{sentenceOfAttack(of)}</p>
      <div class="actions">
        {of.network && may('admin') && <AddBlock target={of.network} onActed={onActed} />}
        <Link path={`/audit?${new URLSearchParams({ since })}`}>{words.value.overview.lookAt}</Link>
      </div>
    </li>
  );
}

/** It has stopped the messages already: what is left to do is to end it where the monitor is wrong. */
function Pause({ of, onActed }: { of: PauseDto; onActed: () => void }) {
  const asked = new URLSearchParams({ prefix: prefixOf(of.target), used: 'false' });
  return (
    <li class="answer warn">
      <p class="sentence">{sentenceOfPause(of)}</p>
      <div class="actions">
        {may('support') && <LiftPause of={of} onActed={onActed} />}
        <Link path={`/sms?${asked}#deliveries`}>{words.value.overview.lookAt}</Link>
      </div>
    </li>
  );
}

/** Those that the monitor made. */
export const pausesIn = ({ pauses }: OverviewDto) => pauses.filter(({ by }) => by === 'monitor');

export const sentenceOfPause = ({ target }: PauseDto): string =>
  fill(words.value.overview.unusedCodes, { prefix: target });

export function sentenceOfAttack({ network, refusals }: AttackDto): string {
  const { overview: text, common } = words.value;
  const gaps = { count: refusals, network: network ?? common.unknown, minutes: MINUTES };
  return fill(text.manyRefusals, gaps);
}
