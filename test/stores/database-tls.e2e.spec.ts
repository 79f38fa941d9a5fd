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

  const start = (DATABASE_TLS: string, isReached = true) =>
    TestApp.start({ env: { DATABASE_URL, DATABASE_TLS }, isReached });

  const isEncrypted = async (DATABASE_TLS: string) => {
    const app = await start(DATABASE_TLS);
    const [{ Value: cipher }] = await app.sql.query("SHOW SESSION STATUS LIKE 'Ssl_cipher'");
    await app.close();
    return cipher !== '';
  };
  const statusWith = async (DATABASE_TLS: string) => {
    const app = await start(DATABASE_TLS, false);
    const { status } = await app.get('/health/ready');
    await app.close();
    return status;
  };

  it('encrypts what goes to a server whose authority is trusted', async () => {
    expect(await isEncrypted(served.certificate)).toBe(true);
    expect(await isEncrypted('off')).toBe(false);
  });

  it('sends nothing to any other', async () => {
    expect(await statusWith('on')).toBe(503);
  });

  it('sends nothing to one of another name', async () => {
    served = makeCertificate('db.example.com');
    await mariaDb.restart();

    expect(await statusWith(served.certificate)).toBe(503);
  });
});
