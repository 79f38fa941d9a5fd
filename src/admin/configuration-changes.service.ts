import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource, type EntityManager } from 'typeorm';
import { type Change, SYSTEM } from '../audit/change';
import { ChangesService } from '../audit/changes.service';
import { Env } from '../config/env';
import { sourceOf } from '../config/env-sources';
import { LeasedJobsService } from '../events/leased-jobs.service';
import { retrying } from '../storage/retrying';
import { isCollision } from '../storage/sql-errors';
import { TANDEM } from '../storage/tandem';
import { KNOWN_ID, KnownConfiguration } from './known-configuration.entity';
import { shownConfiguration } from './shown-configuration';

const LOOK_MS = 30_000;
/** Characters of a value that are kept and told; of what is longer a digest says whether it is the same. */
const MOST = 200;
const DIGEST_LENGTH = 16;
/** Of the node, not of the service: those of several nodes differ. */
const OF_A_NODE: ReadonlySet<string> = new Set<keyof Env>(['HOST', 'PORT', 'WORKER_ID']);

type Settings = Readonly<Record<string, string>>;

/**
 * Tells the audit what a start has changed of the configuration. The node that has the lease speaks for all. Of a secret it
 * tells only whether there is one; what a release adds with its default is no change.
 */
@Injectable()
export class ConfigurationChangesService {
  private isTold = false;

  constructor(
    private readonly changes: ChangesService,
    @InjectDataSource(TANDEM) private readonly dataSource: DataSource,
    private readonly env: Env,
    jobs: LeasedJobsService,
  ) {
    jobs.every('changes of configuration', LOOK_MS, () => this.tell());
  }

  async tell(): Promise<void> {
    if (this.isTold) return;
    await retrying(() => this.dataSource.transaction((one) => this.tellIn(one)), isCollision);
    this.isTold = true;
  }

  private async tellIn(manager: EntityManager): Promise<void> {
    const row = await manager.findOneBy(KnownConfiguration, { id: KNOWN_ID });
    const now = settingsIn(this.env);
    const settings = JSON.stringify(now);
    if (row?.settings === settings) return;
    if (!row) return void (await manager.insert(KnownConfiguration, { id: KNOWN_ID, settings }));
    await manager.update(KnownConfiguration, { id: KNOWN_ID }, { settings });
    const [first, ...others] = this.between(JSON.parse(row.settings) as Settings, now);
    if (first) await this.changes.write(manager, first, ...others);
  }

  private between(before: Settings, now: Settings): Change[] {
    return Object.keys(now)
      .filter((setting) => before[setting] !== now[setting])
      .map((setting) => ({ setting, source: sourceOf(this.env, setting) }))
      .filter(({ setting, source }) => setting in before || source !== 'default')
      .map(({ setting, source }) => ({
        action: 'configuration.changed',
        actor: SYSTEM,
        detail: {
          setting,
          from: before[setting] ?? null,
          to: now[setting],
          source,
        },
      }));
  }
}

function settingsIn(env: Env): Settings {
  const shown = shownConfiguration(env).filter(({ name }) => !OF_A_NODE.has(name));
  return Object.fromEntries(
    shown.map(({ name, value, isSet }) => [name, shortened(textOf(value, isSet))]),
  );
}

function shortened(text: string): string {
  if (text.length <= MOST) return text;
  const digest = createHash('sha256').update(text).digest('base64url').slice(0, DIGEST_LENGTH);
  return `${text.slice(0, MOST - DIGEST_LENGTH - 2)}… ${digest}`;
}

/** As JSON; of what may be secret, whether it is set. */
function textOf(value: unknown, isSet: boolean): string {
  if (value !== undefined) return JSON.stringify(value);
  return isSet ? 'set' : 'not set';
}
