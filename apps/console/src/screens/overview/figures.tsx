import type { ComponentChildren } from 'preact';
import type { OverviewDto, OverviewStepDto } from '../../contract.ts';
import { Bars } from '../../ui/bars.tsx';
import { Link } from '../../ui/link.tsx';
import { amount, percent } from '../../words/times.ts';
import { fill, words } from '../../words/words.ts';
import { Delivered } from './delivered.tsx';
import { listOf } from './list-of.ts';

/** The numbers of the range, each with its course and the list behind it. */
export function Figures({ overview }: { overview: OverviewDto }) {
  const { overview: text } = words.value;
  const { steps } = overview;
  const firstDay = steps[0]?.from.slice(0, 10);
  const [sent, used] = [sumOf(steps, 'sent'), sumOf(steps, 'used')];
  return (
    <div class="figures">
      <Figure
        title={text.logins}
        field="logins"
        steps={steps}
        path={listOf(overview, '/audit', { action: 'session.started' })}
      />
      <Figure
        title={text.firstLogins}
        field="first_logins"
        steps={steps}
        path={listOf(overview, '/audit', { action: 'user.created' })}
      />
      <Figure
        title={text.sent}
        field="sent"
        steps={steps}
        path={listOf(overview, '/sms', { outcome: 'sent' })}
      />
      <Figure
        title={text.used}
        field="used"
        steps={steps}
        path={listOf(overview, '/sms', { used: 'true' })}
      >
        {sent > 0 && (
          <Link path={`/sms?from=${firstDay}#spend`}>
            {fill(text.conversion, { share: percent(used / sent) })}
          </Link>
        )}
      </Figure>
      <Delivered overview={overview} />
    </div>
  );
}

type Field = Exclude<keyof OverviewStepDto, 'from'>;

interface Props {
  readonly title: string;
  readonly field: Field;
  readonly steps: readonly OverviewStepDto[];
  readonly path: string;
  readonly children?: ComponentChildren;
}

function Figure({ title, field, steps, path, children }: Props) {
  return (
    <section class="figure" aria-label={title}>
      <h2>{title}</h2>
      <p>
        <Link path={path}>
          <strong>{amount(sumOf(steps, field))}</strong>
        </Link>{' '}
        <span class="quiet">{children}</span>
      </p>
      <Bars title={title} bars={steps.map((step) => ({ from: step.from, value: step[field] }))} />
    </section>
  );
}

const sumOf = (steps: readonly OverviewStepDto[], field: Field) =>
  steps.reduce((sum, step) => sum + step[field], 0);
