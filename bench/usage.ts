import { existsSync, readdirSync, readFileSync } from 'node:fs';

/**
 * The CPU time of a process and its children so far, of all their threads, in microseconds; undefined where no
 * kernel counts it. To the nanosecond, where `/proc/PID/stat` counts in hundredths of a second.
 */
export function cpuTime(pid: number): number | undefined {
  if (!existsSync(`/proc/${pid}/schedstat`)) return undefined;
  const nanoseconds = processesOf(pid).flatMap(threadsOf).map(onCpu);
  return nanoseconds.reduce((sum, time) => sum + time, 0) / 1000;
}

/** The process, and all that it has started. */
export function processesOf(pid: number): number[] {
  const children = threadsOf(pid).flatMap((thread) =>
    readFileSync(`${thread}/children`, 'utf8').split(' ').filter(Boolean).map(Number),
  );
  return [pid, ...children.flatMap(processesOf)];
}

/** The memory of a process that is in RAM, in MiB; undefined where there is no `/proc`. */
export function residentMemory(pid: number): number | undefined {
  const file = `/proc/${pid}/status`;
  if (!existsSync(file)) return undefined;
  const [, kibibytes] = /^VmRSS:\s+(\d+)/m.exec(readFileSync(file, 'utf8')) ?? [];
  return Number(kibibytes) / 1024;
}

function threadsOf(pid: number): string[] {
  const tasks = `/proc/${pid}/task`;
  return readdirSync(tasks).map((thread) => `${tasks}/${thread}`);
}

const onCpu = (thread: string) => Number(readFileSync(`${thread}/schedstat`, 'utf8').split(' ')[0]);
