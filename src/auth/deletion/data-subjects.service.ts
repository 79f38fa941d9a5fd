import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { NumberRefsService } from '../../audit/number-refs.service';
import type { PersonalKey, PersonalTable } from '../../common/personal-data';
import { Session } from '../../sessions/session.entity';
import { join, raw, type Sql, sql } from '../../storage/sql';
import { MobileChange } from '../../users/mobile-change.entity';
import type { User } from '../../users/user.entity';

/** A number that was a user's: what was noted of it since is of somebody else. */
interface FormerNumber {
  readonly refs: readonly string[];
  readonly until: number;
}

/** By what rows are found that hold something of a user. */
export type DataSubject = Readonly<Record<PersonalKey, readonly string[]>> & {
  readonly former: readonly FormerNumber[];
};

/** Finds what there is of a user: see `PERSONAL_DATA`. */
@Injectable()
export class DataSubjectsService {
  constructor(private readonly numbers: NumberRefsService) {}

  async of(manager: EntityManager, { id, mobile }: User): Promise<DataSubject> {
    const where = { userId: id };
    const sessions = await manager.find(Session, { where, select: { challengeId: true } });
    const changes = await manager.find(MobileChange, { where });
    const spent = [...sessions, ...changes].flatMap(({ challengeId }) => challengeId ?? []);
    return {
      user: [id],
      change: changes.map((change) => change.id),
      number: [...(mobile ? [mobile] : []), ...changes.flatMap(keptIn)],
      'number ref': mobile ? this.numbers.refsOf(mobile) : [],
      challenge: spent,
      former: changes.flatMap((change) => this.formerIn(change)),
    };
  }

  /** Both, since either may be the one that was lost: before it moved, what was sent to the new number is not theirs. */
  private formerIn({ fromMobile, toMobile, movedAt, endedAt }: MobileChange): FormerNumber[] {
    const until = endedAt?.getTime() ?? Number.MAX_SAFE_INTEGER;
    const numbers = movedAt && fromMobile ? [fromMobile, toMobile] : [];
    return numbers.map((number) => ({ refs: this.numbers.refsOf(number), until }));
  }
}

/** Those that nobody else has. */
const keptIn = ({ activeOf, movedAt, fromMobile, toMobile }: MobileChange) =>
  activeOf && movedAt && fromMobile ? [fromMobile, toMobile] : [];

/** Conditions on the rows of a table that hold something of a user, each by one index. */
export function conditionsOn({ foundBy, madeAt }: PersonalTable, subject: DataSubject): Sql[] {
  const keys = Object.keys(foundBy) as PersonalKey[];
  const own = keys
    .filter((key) => subject[key].length > 0)
    .map((key) => sql`${raw(foundBy[key]!)} IN (${join(subject[key])})`);
  const column = foundBy['number ref'];
  if (!column || !madeAt) return own;
  const former = subject.former.map(
    ({ refs, until }) => sql`${raw(column)} IN (${join(refs)}) AND ${raw(madeAt)} <= ${until}`,
  );
  return [...own, ...former];
}
