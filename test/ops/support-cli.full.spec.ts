import { RefusalsService } from '../../src/audit/refusals.service';
import { runCli } from '../support/cli';
import { fromNewAddress } from '../support/address';
import { randomMobile } from '../support/mobile';
import { MODES } from '../support/stores';
import { TestApp } from '../support/test-app';

describe.each(MODES)('tandem support (%s)', (mode) => {
  let app: TestApp;
  const mobile = randomMobile();

  beforeAll(async () => {
    app = await TestApp.start({ mode, env: { SMS_COUNTRIES: 'CN', TRUST_PROXY: '1' } });
    app.inbox.statusOf.set(mobile, 422);
    await app.post('/auth/codes', { mobile }, fromNewAddress());
    // What is refused is written behind its answer.
    await app.nest.get(RefusalsService).flush();
  });
  afterAll(() => app.close());

  it('prints what happened to a number, and what blocks it', async () => {
    const { exitCode, stdout } = await runCli(['support', mobile], app.env);

    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^\d{4}-\d\d-\d\dT\S+ {2}message by webhook: refused$/m);
    expect(stdout).toMatch(/^blocks {2}delivery {2}NUMBER_UNREACHABLE /m);
    expect(stdout).not.toContain(mobile.slice(-8));
  });

  it('prints the same as JSON', async () => {
    const { stdout } = await runCli(['support', mobile, '--json'], app.env);

    const { verdicts, timeline } = JSON.parse(stdout);
    expect(verdicts.find(({ verdict }: any) => verdict === 'blocks')).toMatchObject({
      check: 'delivery',
      error_code: 'NUMBER_UNREACHABLE',
    });
    const [call, refusal, delivery, ...others] = timeline;
    expect(others).toEqual([]);
    // Of the call before this one.
    expect(call.event).toMatchObject({ action: 'admin.called', actor_kind: 'cli' });
    expect(refusal.event).toMatchObject({ action: 'code.refused', reason: 'NUMBER_UNREACHABLE' });
    expect(delivery.delivery).toMatchObject({ outcome: 'refused' });
  });

  it('exits with 2 for what is no number', async () => {
    expect((await runCli(['support', '123'], app.env)).exitCode).toBe(2);
  });
});
