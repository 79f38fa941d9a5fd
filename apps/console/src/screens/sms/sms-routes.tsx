import type { RouteDto } from '../../contract.ts';
import type { Loaded } from '../../load.ts';
import { Badge } from '../../ui/badge.tsx';
import { Section } from '../../ui/section.tsx';
import { Shown } from '../../ui/shown.tsx';
import { type Column, Table } from '../../ui/table.tsx';
import { Time } from '../../ui/time.tsx';
import { amount, duration, percent } from '../../words/times.ts';
import { fill, words } from '../../words/words.ts';

type Step = RouteDto['steps'][number];

/** In which order providers are tried now, and why. */
export function SmsRoutes({ loaded }: { loaded: Loaded<RouteDto[]> }) {
  const { sms: text, delivery } = words.value;
  const columns: Column<RouteDto>[] = [
    {
      head: delivery.country,
      cell: ({ country }) => (country === '*' ? text.otherCountries : country),
    },
    {
      head: text.order,
      cell: ({ steps }) => (
        <ol class="steps">
          {steps.map((step) => (
            <StepLine key={step.provider} of={step} />
          ))}
        </ol>
      ),
    },
    {
      head: text.because,
      cell: ({ because, configured }) =>
        fill(text.reasons[because], { configured: configured.join(', ') }),
    },
  ];
  return (
    <Section title={text.routes} id="routes">
      <Shown loaded={loaded}>
        {(routes) => (
          <Table
            caption={text.routes}
            columns={columns}
            rows={routes}
            keyOf={({ country }) => country}
            empty="–"
          />
        )}
      </Shown>
    </Section>
  );
}

function StepLine({ of: { provider, price, used, open_since: since, throttled } }: { of: Step }) {
  const { sms: text } = words.value;
  return (
    <li>
      <b>{provider}</b>{' '}
      <span class="quiet">
        {amount(price, 3)}
        {used !== null && ` · ${fill(text.shareUsed, { share: percent(used) })}`}
      </span>{' '}
      {since && (
        <>
          <Badge tone="bad">{text.failing}</Badge> <Time at={since} />
        </>
      )}
      {throttled > 0 && (
        <Badge tone="warn">{fill(text.throttled, { wait: duration(throttled) })}</Badge>
      )}
    </li>
  );
}
