import { Injectable } from '@nestjs/common';
import type { Session } from '../../sessions/session.entity';
import { SessionsService } from '../../sessions/sessions.service';
import type { Check } from './check';
import { type SupportCase, wasAnswered } from './support-case';
import { blocks, ok, type Verdict, warns } from './verdict';

const SHOWN = 5;
/** What the user did not ask for. */
const UNASKED: ReadonlySet<string | null> = new Set([
  'reuse',
  'revoked',
  'disabled',
  'roles_changed',
  'mobile_changed',
]);

/** Why somebody is logged out. */
@Injectable()
export class SessionCheck implements Check {
  constructor(private readonly sessions: SessionsService) {}

  async look(about: SupportCase): Promise<Verdict> {
    const { user } = about;
    if (!user) return ok('session');
    const [live, ended] = await Promise.all([
      this.sessions.listLive(user.id),
      this.sessions.listEnded(user.id),
    ]);
    const [last] = ended;
    const evidence = { live: live.length, ended: ended.slice(0, SHOWN).map(shown) };
    const found = {
      since: last?.endedAt ?? null,
      evidence,
      action: 'the reason says who ended it; the person logs in again',
    };
    if (last && wasAnswered(about, 'WRONG_REFRESH_TOKEN', 'UNAUTHORIZED')) {
      return blocks('session', { ...found, error_code: about.request!.errorCode });
    }
    return UNASKED.has(last?.endReason ?? null)
      ? warns('session', found)
      : ok('session', { evidence });
  }
}

const shown = ({ id, endedAt, endReason }: Session) => ({
  id,
  ended_at: endedAt?.toISOString() ?? null,
  reason: endReason,
});
