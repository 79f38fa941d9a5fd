import { Inject, Injectable } from '@nestjs/common';
import {
  CHALLENGE_STORE,
  type ChallengeStore,
  type PastChallenge,
} from '../../codes/challenge-store';
import type { Check } from './check';
import type { Refused, SupportCase } from './support-case';
import { blocks, ok, type Verdict } from './verdict';

const ACTIONS: Partial<Record<string, string>> = {
  wrong: 'the person reads the newest message again, or asks for a new code',
  expired: 'the code came or was typed too late: the person asks for a new one',
  used: 'it has logged somebody in: look at the sessions; if it was not the person, end them',
  never_sent: 'no code was sent to this number: the person checks the number, or asks for a code',
  lane_exhausted: 'too many wrong ones before: the person asks for a new code, or lift the limits',
  other_number: 'the code was typed into the form of another number: the person checks the number',
};

const WITHHELD =
  'the person reads the newest message again, or asks for a new code; the role support sees more, and you do when the code has ended';

/** Why the last code that was typed did not work. While one works, viewers are told only that another did not. */
@Injectable()
export class CodeCheck implements Check {
  constructor(@Inject(CHALLENGE_STORE) private readonly challenges: ChallengeStore) {}

  async look(about: SupportCase): Promise<Verdict> {
    if (!about.mobile) return ok('code');
    const wrong = this.wrongSinceLogin(about);
    const past = await this.challenges.recent(about.mobile);
    const isDead = ({ isUsed, expiresAt }: PastChallenge) => isUsed || +expiresAt <= about.now;
    const [dead, live] = [past.filter(isDead), past.filter((one) => !isDead(one))];
    const [last] = wrong;
    if (live.length > 0 && !about.seesLiveCodes) return withheld(last !== undefined, dead, live);
    const evidence = {
      wrong_codes: wrong.length,
      reasons: wrong.map(({ reason }) => reason ?? 'unknown'),
      dead_codes: dead.map(shownDead),
      live_codes: live.map(shownLive),
      ...elsewhere(about),
    };
    if (!last) return ok('code', { evidence });
    return blocks('code', {
      error_code: 'INVALID_CODE',
      since: last.at,
      evidence: { reason: last.reason, ...evidence },
      action: ACTIONS[last.reason ?? ''] ?? ACTIONS.wrong!,
    });
  }

  private wrongSinceLogin({ refused, deliveries, user, request }: SupportCase): Refused[] {
    const used = deliveries.map(({ verifiedAt }) => +(verifiedAt ?? 0));
    const since = request ? 0 : Math.max(0, +(user?.lastLogin ?? 0), ...used);
    return refused.filter(
      ({ errorCode, at, reason }) =>
        errorCode === 'INVALID_CODE' && (+at > since || reason === 'used'),
    );
  }
}

/** Whoever guesses at a code must not learn here how far they are. */
function withheld(isRefused: boolean, dead: PastChallenge[], live: PastChallenge[]): Verdict {
  const until = new Date(Math.max(...live.map(({ expiresAt }) => +expiresAt)));
  const evidence = { dead_codes: dead.map(shownDead), withheld_until: until.toISOString() };
  if (!isRefused) return ok('code', { evidence });
  return blocks('code', { error_code: 'INVALID_CODE', evidence, action: WITHHELD });
}

const shownDead = ({ isUsed, expiresAt }: PastChallenge) => ({
  state: isUsed ? 'used' : 'expired',
  expires_at: expiresAt.toISOString(),
});

const shownLive = ({ expiresAt }: PastChallenge) => ({
  state: 'sent',
  expires_at: expiresAt.toISOString(),
});

/** That a number has wrong codes and got no message fits a code that was sent to another one. */
function elsewhere({ deliveries, refused }: SupportCase): { is_perhaps_of_another: boolean } {
  const hasWrong = refused.some(({ errorCode }) => errorCode === 'INVALID_CODE');
  return { is_perhaps_of_another: hasWrong && deliveries.length === 0 };
}
