import { DataSource } from 'typeorm';
import { ServerProcess } from '../support/server-process';
import { smsEnv } from '../support/sms-env';
import { SmsInbox } from '../support/sms-inbox';
import { describeStandard, freshStores } from '../support/stores';
import { until } from '../support/until';
import { addEndpoint, writeEvents } from '../support/webhook-events';
import { type ReceivedCall, WebhookReceiver } from '../support/webhook-receiver';

const SETTINGS = { LOG_LEVEL: 'info', WEBHOOK_ALLOW_PRIVATE: '127.0.0.1' };
const EVENTS = 300;

describeStandard('nodes that are killed while they deliver', () => {
  it('rule 22: lose no event, and one that is told again has the same id', async () => {
    const inbox = await SmsInbox.open();
    const receiver = await WebhookReceiver.open();
    const stores = await freshStores('standard');
    const env = { ...stores, ...smsEnv(inbox), ...SETTINGS };
    const sql = await new DataSource({ type: 'mysql', url: stores.DATABASE_URL }).initialize();
    const nodes = await Promise.all([ServerProcess.start(env), ServerProcess.start(env)]);
    // From the start: it is told that it was added, too.
    receiver.behave = () => 'hang';
    await addEndpoint(receiver.url, env);
    const ids = await writeEvents(sql, EVENTS);
    await until(() => receiver.calls.some(({ id }) => ids.includes(id)));

    // Whichever of the two delivers: it dies in the middle of attempts.
    await nodes[0].stop('SIGKILL');
    const cut = receiver.calls.map(({ id }) => id);
    receiver.calls.length = 0;
    receiver.behave = () => 200;
    const successor = await ServerProcess.start(env);
    await until(() => receiver.calls.length > 0);
    await nodes[1].stop('SIGKILL');
    await until(() => isEachIn(receiver.calls, [...ids, ...cut]));

    expect(receiver.calls.every(({ id, event }) => id === event.id)).toBe(true);
    await successor.stop();
    await sql.destroy();
    await Promise.all([receiver.close(), inbox.close()]);
  }, 60_000);
});

function isEachIn(calls: readonly ReceivedCall[], ids: readonly string[]): boolean {
  const seen = new Set(calls.map(({ id }) => id));
  return ids.every((id) => seen.has(id));
}
