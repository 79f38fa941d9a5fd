import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { setImmediate as answered } from 'node:timers/promises';
import { RedactingLogger } from '../common/redacting-logger';
import { orWarn } from '../observability/or-warn';
import { type Delivery, SmsSenderService } from '../sms/sms-sender.service';
import { UsersService } from '../users/users.service';

/**
 * Sends codes where `SIGNUP=closed`: to users and to numbers that a change keeps for one, and to nobody else. It looks who is one when the answer has left, and what comes
 * of it reaches no caller: whatever can be seen from outside is the same for a stranger, also what is counted.
 */
@Injectable()
export class QuietSenderService implements OnApplicationShutdown {
  private readonly logger = new RedactingLogger(QuietSenderService.name);
  private readonly underWay = new Set<Promise<void>>();

  constructor(
    private readonly sms: SmsSenderService,
    private readonly users: UsersService,
  ) {}

  send(delivery: Delivery): void {
    const sending = orWarn(this.logger, 'Code could not be sent', () => this.attempt(delivery));
    this.underWay.add(sending);
    void sending.finally(() => this.underWay.delete(sending));
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all(this.underWay);
  }

  private async attempt(delivery: Delivery): Promise<void> {
    await answered();
    const { to } = delivery.message;
    const isAwaited =
      (await this.users.findByMobile(to)) ?? (await this.users.findChangeKeeping(to));
    await (isAwaited ? this.sms.send(delivery) : this.sms.withhold(delivery));
  }
}
