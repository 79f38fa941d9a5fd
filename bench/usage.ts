import { existsSync, readFileSync } from 'node:fs';

/** Linux counts the time of processes in hundredths of a second, whatever the kernel's own ticks. */
const MICROSECONDS_A_TICK = 10_000;
/** Of `/proc/PID/stat`, after the name of the program: the times in user and in system mode, of all threads. */
const [USER, SYSTEM] = [11, 12];

/** The CPU time of a process so far, in microseconds; undefined where there is no `/proc`. */
export function cpuTime(pid: number): number | undefined {
  const file = `/proc/${pid}/stat`;
  if (!existsSync(file)) return undefined;
  const text = readFileSync(file, 'utf8');
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[USER]) + Number(fields[SYSTEM])) * MICROSECONDS_A_TICK;
}

/** The memory of a process that is in RAM, in MiB; undefined where there is no `/proc`. */
export function residentMemory(pid: number): number | undefined {
  const file = `/proc/${pid}/status`;
  if (!existsSync(file)) return undefined;
  const [, kibibytes] = /^VmRSS:\s+(\d+)/m.exec(readFileSync(file, 'utf8')) ?? [];
  return Number(kibibytes) / 1024;
}
