import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { emptyDirectory } from '../../test/support/server-process';

/** Numbers of one message. */
const BATCH = 100;

const running = new Set<ChildProcess>();
process.once('exit', () => running.forEach((child) => child.kill('SIGKILL')));

export interface Child {
  readonly url: string;
  readonly pid: number;
  /** Has the server make something of each number, when it can. @returns its answers, in order. */
  ask(what: string, mobiles: string[]): Promise<string[]>;
  stop(): Promise<void>;
}

/**
 * Starts a server in a process of its own. Plain JavaScript, so that no loader stands between it and Node; it sends
 * its URL once it listens. What it prints is thrown away, as cheap as a log gets.
 */
export async function startChild(file: string, env: Record<string, string>): Promise<Child> {
  const child = fork(file, {
    cwd: emptyDirectory(),
    env: { PATH: process.env.PATH, NODE_ENV: 'production', ...env },
    execArgv: [],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  running.add(child);
  child.once('exit', () => running.delete(child));
  const stopped = once(child, 'exit').then(() => {
    throw new Error(`${file} stopped before it listened`);
  });
  const [url] = (await Promise.race([once(child, 'message'), stopped])) as [string];
  stopped.catch(() => undefined);
  const stop = async () => {
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
  };
  return { url, pid: child.pid!, ask: (what, mobiles) => ask(child, what, mobiles), stop };
}

async function ask(child: ChildProcess, what: string, mobiles: string[]): Promise<string[]> {
  const answers: string[] = [];
  for (let from = 0; from < mobiles.length; from += BATCH) {
    child.send({ what, mobiles: mobiles.slice(from, from + BATCH) });
    const [batch] = (await once(child, 'message')) as [string[]];
    answers.push(...batch);
  }
  return answers;
}
