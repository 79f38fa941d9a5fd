import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Clock } from '../../common/clock';
import type { E164 } from '../../common/phone-number';
import { RedactingLogger } from '../../common/redacting-logger';
import { signedHeaders } from '../../common/standard-webhooks';
import { Env } from '../../config/env';
import { UsersService } from '../../users/users.service';

/** Asks a service that knows of numbers which changed hands, where there is one: `NUMBER_LOOKUP_URL`. */
@Injectable()
export class NumberLookupService {
  private readonly logger = new RedactingLogger(NumberLookupService.name);

  constructor(
    private readonly clock: Clock,
    private readonly env: Env,
    private readonly users: UsersService,
  ) {}

  /** Whether it says that a number which may have changed hands is still its user's. It is not asked about what a carrier said. */
  async isSameHolder(userId: string, mobile: E164): Promise<boolean> {
    if (!this.env.NUMBER_LOOKUP_URL) return false;
    const user = await this.users.findById(userId);
    if (user?.mobile !== mobile || user.roles.length > 0 || user.releasedAt) return false;
    try {
      return !(await this.isReassigned(mobile, user.verifiedAt ?? user.createdAt));
    } catch (error) {
      const cause = error instanceof Error ? error.message : String(error);
      this.logger.warn(`Number lookup failed: ${cause}`);
      return this.env.NUMBER_LOOKUP_FAILURE === 'open';
    }
  }

  private async isReassigned(number: E164, since: Date): Promise<boolean> {
    const body = JSON.stringify({ number, since });
    const message = { id: `lookup_${randomUUID()}`, at: this.clock.now(), body };
    const response = await fetch(this.env.NUMBER_LOOKUP_URL!, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...signedHeaders(message, [this.env.NUMBER_LOOKUP_SECRET!]),
      },
      body,
      // The secret is shared with this address only.
      redirect: 'manual',
      signal: AbortSignal.timeout(this.env.NUMBER_LOOKUP_TIMEOUT * 1000),
    });
    if (!response.ok) throw new Error(`HTTP ${response.status}`);
    const { reassigned } = Object((await response.json()) as unknown) as { reassigned?: unknown };
    if (typeof reassigned !== 'boolean') throw new Error('the answer has no "reassigned"');
    return reassigned;
  }
}
