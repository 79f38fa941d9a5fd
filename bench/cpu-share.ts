import { existsSync, mkdirSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Where Linux keeps control groups: version 1 has a tree for each controller, version 2 one for all. */
const ROOT = ['/sys/fs/cgroup/cpu', '/sys/fs/cgroup'].find((path) =>
  existsSync(join(path, 'cgroup.procs')),
);
/** Microseconds. Short, so that a share comes in pieces that are shorter than most answers. */
const PERIOD = 10_000;

/** Lets a process have a share of one core and no more. */
export class CpuShare {
  private constructor(private readonly path: string) {}

  /** @throws Error where the machine has no control groups, or keeps them from us. */
  static limit(pid: number, share: number): CpuShare {
    if (!ROOT) throw new Error('No control groups, which only Linux has');
    const path = join(ROOT, `tandem-bench-${pid}`);
    mkdirSync(path);
    const quota = PERIOD * share;
    if (existsSync(join(path, 'cpu.max')))
      writeFileSync(join(path, 'cpu.max'), `${quota} ${PERIOD}`);
    else {
      writeFileSync(join(path, 'cpu.cfs_period_us'), String(PERIOD));
      writeFileSync(join(path, 'cpu.cfs_quota_us'), String(quota));
    }
    writeFileSync(join(path, 'cgroup.procs'), String(pid));
    return new CpuShare(path);
  }

  /** @returns whether it is gone, as it can be once its process has ended. */
  remove(): boolean {
    try {
      rmdirSync(this.path);
    } catch (error) {
      return (error as NodeJS.ErrnoException).code === 'ENOENT';
    }
    return true;
  }
}
