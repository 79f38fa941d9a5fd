import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parse } from 'yaml';
import { SealingService } from '../../src/audit/sealing.service';
import { LeasesService } from '../../src/events/leases.service';
import { NUMBERING } from '../../src/events/numbering.service';
import { MetricsService } from '../../src/observability/metrics.service';
import { BacklogGauges } from '../../src/ops/backlog-gauges';
import { ReceiptMetricsService } from '../../src/sms/receipts/receipt-metrics.service';
import { WebhookEndpointsService } from '../../src/webhooks/webhook-endpoints.service';
import { WebhookMetricsService } from '../../src/webhooks/webhook-metrics.service';
import { CLI } from '../support/actors';
import { holdBackgroundJobs } from '../support/background-jobs';
import { passTime } from '../support/clock';
import { otherThan } from '../support/codes';
import { registerWithPassword } from '../support/credentials';
import { randomMobile } from '../support/mobile';
import { type Sample, scrape, valueOf } from '../support/prometheus';
import { Query } from '../support/promql';
import { isInstalled } from '../support/servers/installed';
import { LAST_MODE, MODES } from '../support/stores';
import { TestApp } from '../support/test-app';
import { numberEvents } from '../support/told';
import { until } from '../support/until';
import { WebhookReceiver } from '../support/webhook-receiver';

interface Rule {
  alert: string;
  expr: string;
  annotations: { summary: string };
}

interface Panel {
  title: string;
  targets?: { expr: string; legendFormat: string }[];
}

const ROOT = resolve(__dirname, '../..');
const ALERTS = join(ROOT, 'ops/prometheus/alerts.yml');
const read = (file: string) => readFileSync(join(ROOT, file), 'utf8');
const { groups } = parse(readFileSync(ALERTS, 'utf8')) as { groups: { rules: Rule[] }[] };
const rules = groups.flatMap((group) => group.rules);
const { panels } = JSON.parse(read('ops/grafana/tandem.json')) as { panels: Panel[] };
const matchesOf = (text: string, pattern: RegExp) =>
  [...text.matchAll(pattern)].map(([, one]) => one!);

describe.each(LAST_MODE)('what watches a server that is in use (%s)', (mode) => {
  let app: TestApp;
  let receiver: WebhookReceiver;
  let samples: Sample[];

  beforeAll(async () => {
    receiver = await WebhookReceiver.open();
    app = await TestApp.start({ mode, env: { WEBHOOK_ALLOW_PRIVATE: '127.0.0.1' } });
    const endpoint = { url: receiver.url, events: ['*'] };
    await app.nest.get(WebhookEndpointsService).add(endpoint, CLI);
    await use();
    haveAccidents();
    await until(async () => {
      samples = await scrape(app);
      return valueOf(samples, 'tandem_webhook_first_attempt_seconds_count') > 0;
    });
  });
  afterAll(async () => {
    await app.close();
    await receiver.close();
  });

  const use = async () => {
    const { token, credentials } = await registerWithPassword(app);
    await app.post('/auth/login', credentials);
    await app.post('/auth/login', { ...credentials, password: 'none of theirs 1' });
    const { mobile, code } = await app.requestCode();
    await app.post('/auth/tokens', { mobile, code: otherThan(code) });
    await app.delete('/auth/tokens', { token });
    app.inbox.status = 500;
    await app.post('/auth/codes', { mobile: randomMobile() });
    app.inbox.status = 200;
  };

  /** What takes an attack, days or a fault of the software, told as the code that meets it does. */
  const haveAccidents = () => {
    const metrics = app.nest.get(MetricsService);
    metrics.refusal('INTERNAL');
    metrics.codeSent('webhook', 'unknown');
    metrics.smsPaced('webhook', 'refused');
    metrics.smsPaused('CN');
    metrics.smsBudgetAlert('*', 'total', 80);
    metrics.captchaSolved(1);
    metrics.sessionsEnded('reuse', 1);
    const receipts = app.nest.get(ReceiptMetricsService);
    receipts.received('webhook', 'CN', 'delivered', 3);
    receipts.refused('webhook');
    app.nest.get(WebhookMetricsService).endpointDisabled('gone');
  };

  it.each(rules)('$alert asks for metrics and labels that there are', ({ expr, annotations }) => {
    const shown = matchesOf(annotations.summary, /\$labels\.(\w+)/g);
    expect(new Query(expr).problems(samples, shown)).toEqual([]);
  });

  it('and so does every panel of the dashboard', () => {
    const targets = panels.flatMap((panel) => panel.targets ?? []);
    const problems = targets.flatMap(({ expr, legendFormat }) =>
      new Query(expr).problems(samples, matchesOf(legendFormat, /\{\{(\w+)\}\}/g)),
    );
    expect(problems).toEqual([]);
    expect(targets.length).toBeGreaterThan(30);
  });

  it('show every metric of ours', () => {
    const queries = [...rules, ...panels.flatMap((panel) => panel.targets ?? [])];
    const asked = queries.map(({ expr }) => expr).join('\n');
    const ours = new Set(samples.map(({ name }) => name.replace(/_(bucket|sum|count)$/, '')));
    const unseen = [...ours].filter((name) => name.startsWith('tandem_') && !asked.includes(name));
    expect(unseen).toEqual([]);
  });

  it('find nothing wrong with it', () => {
    expect(valueOf(samples, 'tandem_ready')).toBe(1);
    expect(valueOf(samples, 'tandem_database_up')).toBe(1);
    expect(valueOf(samples, 'tandem_revocation_list_age_seconds')).toBeLessThan(30);
    for (const name of ['outbox_oldest', 'audit_unsealed', 'webhook_backlog']) {
      expect(valueOf(samples, `tandem_${name}_seconds`)).toBeLessThan(30);
    }
  });
});

describe.each(MODES)('backlogs (%s)', (mode) => {
  holdBackgroundJobs();

  it('are told with their age, until they are worked off', async () => {
    const app = await TestApp.start({ mode });
    const endpoint = { url: 'https://hooks.example.com', events: ['*'] };
    await app.nest.get(WebhookEndpointsService).add(endpoint, CLI);
    passTime(60_000);
    const gauges = async (...names: string[]) => {
      await app.nest.get(BacklogGauges).read();
      const samples = await scrape(app);
      return names.map((name) => Math.floor(valueOf(samples, `tandem_${name}`)));
    };
    const [OUTBOX, AUDIT] = ['outbox_oldest_seconds', 'audit_unsealed_seconds'];
    const WEBHOOK = ['webhook_backlog_events', 'webhook_backlog_seconds'];

    expect(await gauges(OUTBOX, AUDIT, ...WEBHOOK)).toEqual([60, 60, 0, 0]);
    await app.nest.get(LeasesService).claim(NUMBERING);
    await numberEvents(app);
    expect(await gauges(OUTBOX, AUDIT, ...WEBHOOK)).toEqual([0, 60, 1, 60]);
    await app.nest.get(SealingService).sealAll();
    expect(await gauges(AUDIT)).toEqual([0]);
    jest.restoreAllMocks();
    await app.close();
  });
});

describe('the alerts', () => {
  it('are those for which docs/operate.md says what to do', () => {
    const told = matchesOf(read('docs/operate.md'), /^\| `(Tandem\w+)`/gm);
    expect(told.toSorted()).toEqual(rules.map(({ alert }) => alert).toSorted());
  });

  (isInstalled('promtool') ? it : it.skip)('are what Prometheus takes', () => {
    expect(() => {
      execFileSync('promtool', ['check', 'rules', ALERTS], { stdio: 'pipe' });
    }).not.toThrow();
  });
});
