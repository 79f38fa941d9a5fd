import type { BudgetDto } from '../../contract.ts';
import { Link } from '../../ui/link.tsx';
import { Section } from '../../ui/section.tsx';
import { amount } from '../../words/times.ts';
import { fill, words } from '../../words/words.ts';

/** A day's money flows in all day: what was spent stands beside what has come so far. */
export function Budgets({ budgets }: { budgets: readonly BudgetDto[] }) {
  const { overview: text } = words.value;
  return (
    <Section title={text.spend}>
      {budgets.length === 0 && <p class="empty">{text.noBudget}</p>}
      <ul class="budgets">
        {budgets.map((budget) => (
          <Budget key={budget.scope} of={budget} />
        ))}
      </ul>
    </Section>
  );
}

function Budget({ of: { scope, budget, spent, left, left_for_strangers } }: { of: BudgetDto }) {
  const { overview: text } = words.value;
  const gaps = { spent: amount(spent, 2), budget: amount(budget, 2) };
  const spendable = { left: amount(left, 2), strangers: amount(left_for_strangers, 2) };
  const today = new Date().toISOString().slice(0, 10);
  const width = (part: number) => (budget > 0 ? Math.min(100, (100 * part) / budget) : 0);
  return (
    <li>
      <p>
        <b>{scope === '*' ? text.all : scope}</b>{' '}
        <Link path={`/sms?from=${today}#spend`}>{fill(text.budget, gaps)}</Link>{' '}
        <span class="quiet">{fill(text.spendable, spendable)}</span>
      </p>
      <svg viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true">
        <rect class="track" width="100" height="4" />
        <rect class="flowed" width={width(spent + left)} height="4" />
        <rect width={width(spent)} height="4" />
      </svg>
    </li>
  );
}
