import type { AttackDto, OverviewDto } from '../../contract.ts';
import { may } from '../../session/may.ts';
import { Link } from '../../ui/link.tsx';
import { Section } from '../../ui/section.tsx';
import { fill, words } from '../../words/words.ts';
import { AddBlock } from '../sms/add-block.tsx';

const MINUTES = 15;

/** Attacks under way, each with what stops it. */
export function Attention({ overview, onActed }: { overview: OverviewDto; onActed: () => void }) {
  const { overview: text } = words.value;
  const paused = overview.pauses.filter(({ by }) => by === 'monitor');
  if (overview.attacks.length + paused.length === 0) return null;
  return (
    <Section title={text.attacks}>
      <ul class="attacks">
        {overview.attacks.map((attack) => (
          <Attack key={attack.network} of={attack} onActed={onActed} />
        ))}
        {paused.map(({ scope, target }) => (
          <li key={scope} class="answer warn">
            <p class="sentence">{fill(text.unusedCodes, { prefix: target })}</p>
            <Link path="/sms#pauses">{text.toPauses}</Link>
          </li>
        ))}
      </ul>
    </Section>
  );
}

function Attack({ of: { network, refusals }, onActed }: { of: AttackDto; onActed: () => void }) {
  const { overview: text, common } = words.value;
  const gaps = { count: refusals, network: network ?? common.unknown, minutes: MINUTES };
  return (
    <li class="answer bad">
      <p class="sentence">{fill(text.manyRefusals, gaps)}</p>
      {network && may('admin') && <AddBlock target={network} onActed={onActed} />}
    </li>
  );
}
