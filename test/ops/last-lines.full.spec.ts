import { once } from 'node:events';
import { resolve } from 'node:path';
import { logLines } from '../support/log-lines';
import { emptyDirectory, ServerProcess } from '../support/server-process';

/** More than one block of the log. */
const REQUESTS = 40;

describe('the log of a server that ends', () => {
  let server: ServerProcess;

  beforeEach(async () => {
    server = await ServerProcess.start({
      DATA_DIR: emptyDirectory(),
      LOG_LEVEL: 'info',
      NODE_OPTIONS: `--require=${resolve(__dirname, '../support/throw-on-signal.js')}`,
    });
  });
  afterEach(() => server.stop('SIGKILL'));

  /** Sends requests and, with the answer of the last one, a signal. @returns the exit code. */
  async function endAfterRequests(signal: NodeJS.Signals): Promise<number | null> {
    const closed = once(server.child, 'close');
    for (let count = 0; count < REQUESTS; count++) await server.get('/nowhere');
    server.child.kill(signal);
    const [exitCode] = await closed;
    return exitCode;
  }

  it('holds every line that was written before SIGTERM', async () => {
    expect(await endAfterRequests('SIGTERM')).toBe(0);

    expect(logLines(server).filter(({ msg }) => msg === 'request')).toHaveLength(REQUESTS);
  });

  it('holds every line that was written before an error that nobody caught, and the error', async () => {
    expect(await endAfterRequests('SIGUSR2')).not.toBe(0);

    const output = server.output.join('\n');
    expect(output.match(/"msg":"request"/g)).toHaveLength(REQUESTS);
    expect(output).toContain('Error: nobody catches this');
  });
});
