import { mkdtempSync, renameSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Clock } from '../../src/common/clock';

/** Lets time pass for the apps in this process, until `jest.restoreAllMocks()`; timers go on as before. */
export function passTime(milliseconds: number): void {
  for (const name of ['now', 'elapsed'] as const) {
    const read = Clock.prototype[name];
    // Not on top of an earlier spy, which jest would hand out again: that would call itself.
    const before = jest.isMockFunction(read) ? read.getMockImplementation()! : read;
    jest.spyOn(Clock.prototype, name).mockImplementation(function (this: Clock): number {
      return before.call(this) + milliseconds;
    });
  }
}

/** The clock of one server in a process of its own, to be set while it runs. */
export class NodeClock {
  private readonly file = join(mkdtempSync(join(tmpdir(), 'tandem-clock-')), 'shift');

  /** @param minutes how far it is ahead of every other clock. */
  constructor(minutes = 0) {
    this.set(minutes);
  }

  set(minutes: number): void {
    writeFileSync(`${this.file}.new`, String(minutes * 60_000));
    renameSync(`${this.file}.new`, this.file);
  }

  /** What the server is to be started with. */
  get env(): Record<string, string> {
    const preloaded = resolve(__dirname, 'shift-clock.js');
    return { NODE_OPTIONS: `--require=${preloaded}`, CLOCK_SHIFT_FILE: this.file };
  }
}
