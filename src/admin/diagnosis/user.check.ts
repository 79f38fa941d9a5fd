import { Injectable } from '@nestjs/common';
import { Env } from '../../config/env';
import { DormancyService } from '../../auth/recycled-numbers/dormancy.service';
import type { MobileChange } from '../../users/mobile-change.entity';
import type { User } from '../../users/user.entity';
import type { Check } from './check';
import { HistoryService } from './history.service';
import { type SupportCase, wasAnswered } from './support-case';
import { blocks, type Evidence, ok, type Verdict } from './verdict';

/** Whether the user may log in. */
@Injectable()
export class UserCheck implements Check {
  constructor(
    private readonly dormancy: DormancyService,
    private readonly env: Env,
    private readonly history: HistoryService,
  ) {}

  async look(about: SupportCase): Promise<Verdict> {
    const { user, keptBy } = about;
    if (keptBy) return kept(keptBy);
    if (!user && this.env.SIGNUP === 'closed') {
      const action = 'nobody signs up (SIGNUP=closed): import the user';
      return blocks('user', {
        error_code: 'INVALID_CODE',
        evidence: { is_registered: false },
        action,
      });
    }
    if (!user) return ok('user', { evidence: { is_registered: false } });
    const { status, createdAt, lastLogin } = user;
    const evidence = { is_registered: true, status, last_login: lastLogin?.toISOString() ?? null };
    if (status === 'active' && this.dormancy.isDormant(user)) return asked(about, user, evidence);
    if (status === 'active') return ok('user', { since: createdAt, evidence });
    const action = 'find out who disabled the user in the audit; enable the user';
    const since = await this.history.disabledAt(user.id);
    return blocks('user', { error_code: 'USER_DISABLED', since, evidence, action });
  }
}

/** Or an answer to that question which was refused. */
function asked(about: SupportCase, { verifiedAt, releasedAt }: User, found: Evidence): Verdict {
  const evidence = {
    ...found,
    verified_at: verifiedAt?.toISOString() ?? null,
    released_at: releasedAt?.toISOString() ?? null,
  };
  const action =
    'who proves the number says whether the account is theirs, by its password or an old device';
  const error_code = wasAnswered(about, 'NUMBER_CLAIM_WAITS', 'NUMBER_CLAIM_REFUSED')
    ? about.request!.errorCode
    : 'NUMBER_PERHAPS_REASSIGNED';
  return blocks('user', { error_code, since: verifiedAt, evidence, action });
}

function kept({ userId, state, movedAt: since, dueAt: until }: MobileChange): Verdict {
  const evidence = { is_registered: false, number_moved: state, user: userId };
  const action = 'who has moved the number undoes it with a code, or with the password of before';
  const error_code = state === 'recovery' ? 'USER_DISABLED' : 'NUMBER_MOVED';
  return blocks('user', { error_code, since, until, evidence, action });
}
