import { makeCertificate } from '../support/certificate';
import { freePort } from '../support/servers/free-port';
import { isInstalled } from '../support/servers/installed';
import { superviseMariaDb } from '../support/servers/mariadb';
import type { PrivateServer } from '../support/servers/private-server';
import { describeStandard, freshDatabase } from '../support/stores';
import { TestApp } from '../support/test-app';

const describeWithOpenssl = isInstalled('openssl') ? describeStandard : describe.skip;

describeWithOpenssl('DATABASE_TLS', () => {
  let served = makeCertificate('localhost');
  let mariaDb: PrivateServer;
  let DATABASE_URL: string;

  beforeAll(async () => {
    mariaDb = await superviseMariaDb({
      port: await freePort(),
      settings: () => [`--ssl-cert=${served.certificate}`, `--ssl-key=${served.key}`],
    });
    const url = new URL(await freshDatabase(mariaDb.url));
    url.hostname = 'localhost';
    DATABASE_URL = url.href;
  });
  afterAll(() => mariaDb.remove());

  const readiness = async (DATABASE_TLS: string) => {
    const app = await TestApp.start({ mode: 'standard', env: { DATABASE_URL, DATABASE_TLS } });
    const { status } = await app.get('/health/ready');
    const ciphers =
      status === 200 ? await app.sql.query("SHOW SESSION STATUS LIKE 'Ssl_cipher'") : [];
    await app.close();
    return { status, isEncrypted: ciphers[0]?.Value !== '' && status === 200 };
  };

  it('encrypts what goes to a server whose authority is trusted', async () => {
    expect(await readiness(served.certificate)).toEqual({ status: 200, isEncrypted: true });
    expect(await readiness('off')).toEqual({ status: 200, isEncrypted: false });
  });

  it('sends nothing to any other', async () => {
    expect(await readiness('on')).toMatchObject({ status: 503 });
  });

  it('sends nothing to one of another name', async () => {
    served = makeCertificate('db.example.com');
    await mariaDb.restart();

    expect(await readiness(served.certificate)).toMatchObject({ status: 503 });
  });
});
