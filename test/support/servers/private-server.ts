import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { runDirectory } from '../run-directory';

/** A private server on a free port with its own data directory. */
export interface PrivateServer {
  readonly url: string;
  readonly port: number;
  /** The state of SIGKILL: gone at once, what was not on disk is lost. */
  kill(): Promise<void>;
  /** Stops answering without closing connections, until `resume`. */
  pause(): void;
  resume(): void;
  /** Starts it again on the same port and data directory. */
  restart(): Promise<void>;
  /** Kills it and removes its data. */
  remove(): Promise<void>;
}

/** How a kind of server is started, and how it is told that it serves. */
export interface ServerCommand {
  url: string;
  port: number;
  dataDirectory: string;
  /** The program with its arguments, asked for again at every start. */
  command: () => [program: string, ...args: string[]];
  /** @throws while the server is not up. */
  isUp: () => Promise<void>;
}

const START_TIMEOUT_MS = 90_000;

const running = new Set<ChildProcess>();
process.once('exit', () => running.forEach((child) => child.kill('SIGKILL')));

export const newDataDirectory = (kind: string) =>
  mkdtempSync(join(runDirectory(), `tandem-${kind}-`));

/** Starts a server, waits until it is up, and looks after its process. */
export async function supervise(server: ServerCommand): Promise<PrivateServer> {
  const { url, port, dataDirectory } = server;
  let child = start(server);
  const kill = () => stop(child);
  await untilUp(server, () => child);
  return {
    url,
    port,
    kill,
    pause: () => stopThreads(child),
    resume: () => void child.kill('SIGCONT'),
    restart: async () => {
      await kill();
      child = start(server);
      await untilUp(server, () => child);
    },
    remove: async () => {
      await kill();
      rmSync(dataDirectory, { recursive: true, force: true });
    },
  };
}

function start({ command }: ServerCommand): ChildProcess {
  const [program, ...args] = command();
  const child = spawn(program, args, { stdio: 'ignore' });
  // A spec that fails before it removes its server must not keep Jest waiting.
  child.unref();
  running.add(child);
  child.once('exit', () => running.delete(child));
  return child;
}

async function stop(child: ChildProcess): Promise<void> {
  if (hasEnded(child)) return;
  child.ref();
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
}

/** A signal is on its way until every thread has stopped: until then the server may still answer. */
function stopThreads(child: ChildProcess): void {
  child.kill('SIGSTOP');
  const threads = process.platform === 'linux' ? ['-L'] : [];
  const states = () =>
    execFileSync('ps', ['-o', 'stat=', ...threads, '-p', String(child.pid)], { encoding: 'utf8' });
  while (
    !states()
      .trim()
      .split(/\s+/)
      .every((state) => state.startsWith('T'))
  );
}

async function untilUp({ isUp }: ServerCommand, child: () => ChildProcess): Promise<void> {
  const deadline = Date.now() + START_TIMEOUT_MS;
  for (;;) {
    try {
      return await isUp();
    } catch (error) {
      if (hasEnded(child()) || Date.now() > deadline) throw error;
      await delay(50);
    }
  }
}

const hasEnded = ({ exitCode, signalCode }: ChildProcess) =>
  exitCode !== null || signalCode !== null;
