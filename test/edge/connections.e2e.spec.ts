import { exactRequest } from '../support/exact-request';
import { TestApp } from '../support/test-app';

describe('connections without a request', () => {
  it.each([
    ['72', {}],
    ['620', { KEEP_ALIVE_TIMEOUT: '620s' }],
  ] as const)('stay open for %s s with %j, as answers say', async (seconds, env) => {
    const app = await TestApp.start({ env });

    const { headers } = await exactRequest(app.baseUrl, 'GET', '/health/live');

    expect(headers['keep-alive']).toBe(`timeout=${seconds}`);
    await app.close();
  });
});
