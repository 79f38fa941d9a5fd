import type { LimitDto, UserDetailsDto } from '../../contract.ts';
import { Section } from '../../ui/section.tsx';
import { words } from '../../words/words.ts';
import { LiftLimits } from '../number/lift-limits.tsx';
import { LimitTable } from './limit-table.tsx';
import { mayActOn } from './may-act-on.ts';

export function Limits({ user, onActed }: { user: UserDetailsDto; onActed: () => void }) {
  const { user: text } = words.value;
  const { number_ref: ref } = user;
  const lift = ref && mayActOn(user) && <LiftLimits numberRef={ref} onActed={onActed} />;
  return (
    <Section title={text.limits} actions={lift}>
      {user.limits ? <Counted limits={user.limits} /> : <p class="empty">{text.noLimits}</p>}
    </Section>
  );
}

/** Those that count something; the others are folded up. */
function Counted({ limits }: { limits: readonly LimitDto[] }) {
  const { user: text } = words.value;
  const touched = limits.filter(({ used, wait }) => used > 0 || wait > 0);
  const others = limits.filter((limit) => !touched.includes(limit));
  return (
    <>
      <LimitTable limits={touched} empty={text.noneUsed} />
      {others.length > 0 && (
        <details>
          <summary>{text.untouched}</summary>
          <LimitTable limits={others} empty="" />
        </details>
      )}
    </>
  );
}
