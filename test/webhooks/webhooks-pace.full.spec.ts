import { setTimeout as delay } from 'node:timers/promises';
import { DataSource } from 'typeorm';
import { ServerProcess } from '../support/server-process';
import { smsEnv } from '../support/sms-env';
import { SmsInbox } from '../support/sms-inbox';
import { describeStandard, freshStores } from '../support/stores';
import { until } from '../support/until';
import { addEndpoint, writeEvents } from '../support/webhook-events';
import { WebhookReceiver } from '../support/webhook-receiver';

const EVENTS = 2000;
const DURATION_MS = 20_000;
const SETTINGS = { LOG_LEVEL: 'info', WEBHOOK_ALLOW_PRIVATE: '127.0.0.1' };

describeStandard('three nodes', () => {
  it('tell within a second of 95 of 100 events', async () => {
    const [inbox, receiver] = [await SmsInbox.open(), await WebhookReceiver.open()];
    const stores = await freshStores('standard');
    const env = { ...stores, ...smsEnv(inbox), ...SETTINGS };
    const sql = await new DataSource({ type: 'mysql', url: stores.DATABASE_URL }).initialize();
    const nodes = await Promise.all([1, 2, 3].map(() => ServerProcess.start(env)));
    await addEndpoint(receiver.url, env);
    const delays: number[] = [];
    receiver.behave = ({ event }) => {
      delays.push(Date.now() - Date.parse(event.timestamp));
      return 200;
    };
    for (let written = 0; written < EVENTS; written += 10) {
      await writeEvents(sql, 10);
      await delay((DURATION_MS * 10) / EVENTS);
    }
    await until(() => delays.length >= EVENTS);

    const p95 = delays.toSorted((a, b) => a - b)[Math.floor(delays.length * 0.95)]!;
    console.log(`p95 from commit to first attempt: ${p95} ms`);
    expect(p95).toBeLessThan(1000);
    await Promise.all(nodes.map((node) => node.stop('SIGKILL')));
    await sql.destroy();
    await Promise.all([receiver.close(), inbox.close()]);
  }, 120_000);
});
