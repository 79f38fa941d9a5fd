import { Injectable } from '@nestjs/common';
import { Clock } from '../common/clock';
import type { Lane } from '../common/fair-queue';
import { networksOf } from '../common/networks';
import { RedactingLogger } from '../common/redacting-logger';
import type { ProviderName } from '../config/sms-env';
import { MetricsService } from '../observability/metrics.service';
import { AccountPace } from './account-pace';
import type { Result } from './not-sent';
import type { Audience } from './sms-delivery.entity';

/** What those who wait for their turn keep for sending. */
const SENDING_MS = 1000;
/** Nobody waits for an account that is throttled for longer. */
const MOST_WAIT_SECONDS = 60;

/** Who asked for a message. */
interface Asker {
  readonly audience: Audience;
  readonly network: string;
}

/** Lets messages wait for their turn while the account of a provider is throttled. */
@Injectable()
export class AccountPacesService {
  private readonly logger = new RedactingLogger(AccountPacesService.name);
  private readonly paces = new Map<ProviderName, AccountPace>();

  constructor(
    private readonly clock: Clock,
    private readonly metrics: MetricsService,
  ) {}

  /** Sends at once, or in turn with others, and again in turn when the account is throttled, for so many milliseconds. */
  async inTurn(
    provider: ProviderName,
    asker: Asker,
    milliseconds: number,
    send: (milliseconds: number) => Promise<Result>,
  ): Promise<Result> {
    const pace = this.paceOf(provider);
    const deadline = this.clock.elapsed() + milliseconds;
    for (;;) {
      const isPaced = pace.isThrottled;
      const left = deadline - this.clock.elapsed();
      const hasTurn = await pace.turn(laneOf(asker), left - SENDING_MS);
      if (isPaced) this.metrics.smsPaced(provider, hasTurn ? 'sent' : 'refused');
      if (!hasTurn) return throttled(pace.waitSeconds);
      const sentAt = this.clock.elapsed();
      const result = await send(deadline - sentAt);
      if (result.outcome === 'sent') pace.noteTaken();
      if (!isShortlyThrottled(result)) return result;
      if (pace.noteThrottled(sentAt, result.failure?.waitSeconds)) {
        this.logger.error(`SMS account throttled: ${provider}, at ${pace.rate} messages a second`);
      }
    }
  }

  /** Seconds until a throttled account takes another message; 0 when it is not throttled. */
  waitOf(provider: ProviderName): number {
    const pace = this.paces.get(provider);
    return pace?.isThrottled ? pace.waitSeconds : 0;
  }

  private paceOf(provider: ProviderName): AccountPace {
    const pace = this.paces.get(provider) ?? new AccountPace(() => this.clock.elapsed());
    this.paces.set(provider, pace);
    return pace;
  }
}

/** Owners and strangers take turns, then the networks that they ask from, broad ones first. */
function laneOf({ audience, network }: Asker): Lane {
  const networks = networksOf(network.replace(/\/\d+$/, ''));
  const known = networks.slice(networks.indexOf(network)).toReversed();
  return [audience === 'fresh' ? 'strangers' : 'owners', ...known];
}

const throttled = (waitSeconds: number): Result => ({
  outcome: 'failed',
  failure: { kind: 'account-throttled', waitSeconds },
});

const isShortlyThrottled = ({ failure }: Result) =>
  failure?.kind === 'account-throttled' && (failure.waitSeconds ?? 0) <= MOST_WAIT_SECONDS;
