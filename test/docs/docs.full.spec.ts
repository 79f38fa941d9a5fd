import { once } from 'node:events';
import { existsSync, readdirSync, readlinkSync } from 'node:fs';
import { open } from '../support/raw-request';
import { ServerProcess } from '../support/server-process';
import { until } from '../support/until';

const FILE = 'GET /docs/swagger-ui-bundle.js HTTP/1.1\r\nHost: a\r\n\r\n';

describe('a server that starts', () => {
  it('says where its docs are', async () => {
    const server = await ServerProcess.start({ NODE_ENV: 'development' });

    const [, url] = await server.printed(/API docs: (http:\/\/127\.0\.0\.1:\d+\/docs)/);

    await server.stop('SIGKILL');
    expect(url).toBe(`${server.baseUrl}/docs`);
  });
});

// Only Linux tells there what a process has open.
(existsSync('/proc/self/fd') ? describe : describe.skip)('the files of the docs page', () => {
  let server: ServerProcess;

  beforeAll(async () => (server = await ServerProcess.start()));
  afterAll(() => server.stop('SIGKILL'));

  const openFiles = () => descriptorsOf(server.child.pid!).filter((path) => /swagger/.test(path));

  it('are closed when the client hangs up, before the answer or in the middle of it', async () => {
    const early = Array.from({ length: 10 }, () => hangUp(server, 'connect'));
    const late = Array.from({ length: 50 }, () => hangUp(server, 'data'));
    await Promise.all([...early, ...late]);

    // Whoever hung up first has been answered in vain by now.
    await server.get('/docs/swagger-ui-bundle.js');
    await until(() => openFiles().length === 0);
  });
});

async function hangUp({ baseUrl }: ServerProcess, event: 'connect' | 'data'): Promise<void> {
  const socket = open(baseUrl);
  socket.write(FILE);
  await once(socket, event);
  socket.destroy();
}

function descriptorsOf(pid: number): string[] {
  return readdirSync(`/proc/${pid}/fd`).map((descriptor) => {
    try {
      return readlinkSync(`/proc/${pid}/fd/${descriptor}`);
    } catch {
      return 'closed meanwhile';
    }
  });
}
