import { type CliResult, runCli } from '../support/cli';
import { freshStores } from '../support/stores';
import { isSignedBy, WebhookReceiver } from '../support/webhook-receiver';

const json = ({ stdout }: CliResult) => JSON.parse(stdout);

describe('tandem webhooks', () => {
  let env: Record<string, string>;
  let receiver: WebhookReceiver;

  beforeAll(async () => {
    receiver = await WebhookReceiver.open();
    const settings = { JWT_SECRET: 'a secret of a spec', WEBHOOK_ALLOW_PRIVATE: '127.0.0.1' };
    env = { ...(await freshStores('embedded')), ...settings };
  });
  afterAll(() => receiver.close());

  const run = (...parameters: string[]) => runCli(['webhooks', ...parameters], env);

  it('adds, tests, rotates and removes endpoints, and shows each secret once', async () => {
    const added = json(
      await run('add', receiver.url, '--events', 'user.created', '--pii', '--json'),
    );
    const tested = await run('test', added.id, '--as', 'li.wei');
    const rotated = json(await run('rotate', added.id, '--json'));
    const again = await run('test', added.id, '--json');
    const listed = await run('list');
    const removed = await run('remove', added.id);

    expect(added).toMatchObject({ events: ['user.created'], pii: true, status: 'enabled' });
    expect(tested.stdout).toMatch(/^Delivered: HTTP 204, \d+ ms\.\n$/);
    expect(json(again)).toMatchObject({ status: 204, failure: null });
    const [first, second] = receiver.calls;
    expect([isSignedBy(added.secret, first!), isSignedBy(rotated.secret, second!)]).toEqual([
      true,
      true,
    ]);
    expect(listed.stdout).toContain(
      `${added.id}  enabled  ${receiver.url}  user.created  full numbers`,
    );
    expect(listed.stdout).not.toContain('whsec_');
    expect(removed.exitCode).toBe(0);
    expect((await run('list')).stdout).toBe('There is no endpoint.\n');
  }, 60_000);

  it('fails with the reason when an endpoint is not told, or there is none', async () => {
    receiver.behave = () => 500;
    const { id } = json(await run('add', receiver.url, '--json'));

    const tested = await run('test', id);
    const unknown = await run('rotate', '1');
    const unclear = await run('replay', id);
    const backwards = await run('replay', id, '--since', '2026-01-02', '--until', '2026-01-01');

    expect([tested.exitCode, unknown.exitCode, unclear.exitCode]).toEqual([1, 1, 1]);
    expect(tested.stderr).toMatch(/^Not delivered: status, HTTP 500, \d+ ms\.$/m);
    expect(backwards.exitCode).toBe(1);
    expect(backwards.stderr).toContain('since must be before until');
    expect(unclear.stderr).toContain('Name an event with --event, or a time with --since.');
  }, 60_000);
});
