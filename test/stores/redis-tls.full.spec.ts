import { makeCertificate } from '../support/certificate';
import { freePort } from '../support/servers/free-port';
import { isInstalled } from '../support/servers/installed';
import type { PrivateServer } from '../support/servers/private-server';
import { startRedis } from '../support/servers/redis';
import { describeStandard } from '../support/stores';
import { TestApp } from '../support/test-app';
import { until } from '../support/until';

const describeWithOpenssl = isInstalled('openssl') ? describeStandard : describe.skip;

describeWithOpenssl('rediss://', () => {
  const { certificate, key } = makeCertificate('localhost');
  let redis: PrivateServer;
  let REDIS_URL: string;

  beforeAll(async () => {
    const port = await freePort();
    redis = await startRedis({
      settings: {
        'tls-port': port,
        'tls-cert-file': certificate,
        'tls-key-file': key,
        'tls-auth-clients': 'no',
      },
    });
    REDIS_URL = `rediss://localhost:${port}`;
  });
  afterAll(() => redis.remove());

  it.each([
    ['a server whose private authority REDIS_TLS names', certificate, 200],
    ['no other', 'on', 503],
  ])('speaks to %s', async (_who, REDIS_TLS, status) => {
    const app = await TestApp.start({ env: { REDIS_URL, REDIS_TLS } });

    await until(async () => (await app.get('/health/ready')).status === status);
    await app.close();
  });
});
