import { ConfigurationChangesService } from '../../src/admin/configuration-changes.service';
import { AuditEvent } from '../../src/audit/audit-event.entity';
import { MODES } from '../support/stores';
import { TestApp } from '../support/test-app';

describe.each(MODES)('a start with another configuration (%s)', (mode) => {
  let app: TestApp;

  beforeAll(async () => {
    app = await TestApp.start({ mode, env: { SMS_COUNTRIES: 'CN', CODE_TTL: '5m' } });
  });
  afterAll(() => app.close());

  const tell = () => app.nest.get(ConfigurationChangesService).tell();
  const told = async () => {
    const where = { action: 'configuration.changed' as const };
    const rows = await app.sql.getRepository(AuditEvent).find({ where, order: { id: 'ASC' } });
    return rows.map(({ detail }) => JSON.parse(detail!));
  };

  it('is on record once, setting by setting, and without secrets', async () => {
    await tell();
    expect(await told()).toEqual([]);

    const env = {
      SMS_COUNTRIES: 'CN,DE',
      METRICS_TOKEN: 'a-token-of-twenty-four-characters-or-more',
      WORKER_ID: '7',
    };
    app = await app.restart({ env });
    await tell();
    const expected = [
      { setting: 'METRICS_TOKEN', from: 'not set', to: 'set' },
      { setting: 'SMS_COUNTRIES', from: '["CN"]', to: '["CN","DE"]' },
    ];
    expect(await told()).toMatchObject(expected);

    app = await app.restart({ env });
    await tell();
    expect(await told()).toMatchObject(expected);
  });
});
