import type { AlertDto } from '../../contract.ts';
import { may } from '../../session/may.ts';
import type { Role } from '../../session/roles.ts';
import { Link } from '../../ui/link.tsx';
import { Section } from '../../ui/section.tsx';
import { duration } from '../../words/times.ts';
import { fill, words } from '../../words/words.ts';

type Kind = AlertDto['kind'];

/** Where an alert leads, and whom it lets in there. */
const PLACES: Partial<Record<Kind, readonly [path: string, least: Role]>> = {
  audit_unsealed: ['/audit', 'viewer'],
  budget_spent: ['/sms#spend', 'viewer'],
  strangers_spent: ['/sms#spend', 'viewer'],
  webhook_disabled: ['/webhooks', 'admin'],
  webhooks_late: ['/webhooks', 'admin'],
};

/** What somebody should look at. */
export function Alerts({ alerts }: { alerts: readonly AlertDto[] }) {
  const { overview: text } = words.value;
  if (alerts.length === 0) return null;
  return (
    <Section title={text.alerts}>
      <ul class="alerts">
        {alerts.map((alert) => (
          <Alert key={`${alert.kind} ${alert.subject}`} of={alert} />
        ))}
      </ul>
    </Section>
  );
}

function Alert({ of: alert }: { of: AlertDto }) {
  const [path, least] = PLACES[alert.kind] ?? [];
  const one = alert.kind === 'webhook_disabled' ? `/${alert.subject}` : '';
  return (
    <li>
      {sentenceOfAlert(alert)}{' '}
      {path && may(least!) && <Link path={path + one}>{words.value.overview.lookAt}</Link>}
    </li>
  );
}

export function sentenceOfAlert({ kind, subject, value }: AlertDto): string {
  const { overview: text } = words.value;
  const gaps = {
    subject: subject === '*' ? text.all : subject,
    share: value,
    time: duration(value ?? 0),
  };
  return fill(text.alertsOf[kind], gaps);
}
