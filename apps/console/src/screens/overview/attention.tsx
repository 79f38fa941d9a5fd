import type { AttackDto, OverviewDto, PauseDto } from '../../contract.ts';
import { may } from '../../session/may.ts';
import { Link } from '../../ui/link.tsx';
import { Section } from '../../ui/section.tsx';
import { fill, words } from '../../words/words.ts';
import { AddBlock } from '../sms/add-block.tsx';

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
          <li key={pause.scope} class="answer warn">
            <p class="sentence">{sentenceOfPause(pause)}</p>
            <Link path="/sms#pauses">{text.toPauses}</Link>
          </li>
        ))}
      </ul>
    </Section>
  );
}

function Attack({ of, onActed }: { of: AttackDto; onActed: () => void }) {
  return (
    <li class="answer bad">
      <p class="sentence">{sentenceOfAttack(of)}</p>
      {of.network && may('admin') && <AddBlock target={of.network} onActed={onActed} />}
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
