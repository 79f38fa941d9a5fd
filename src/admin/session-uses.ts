import { Snowflake } from '../common/snowflake';
import type { Session } from '../sessions/session.entity';
import { shownUseOf } from '../sessions/shown-times';
import type { MomentDto, SessionUseDto } from './dto/audit.dto';

/** What a session itself knows of its refreshes: none of them writes a row of its own. */
export function usesOf(session: Session): MomentDto[] {
  const { createdAt, previousRotatedAt, rotatedAt } = session;
  const lastUse = shownUseOf(session);
  const isNews = lastUse > (rotatedAt ?? createdAt);
  return [
    ...(previousRotatedAt ? [use(session, previousRotatedAt, 'refreshed')] : []),
    ...(rotatedAt ? [use(session, rotatedAt, 'refreshed')] : []),
    ...(isNews ? [use(session, lastUse, 'last_used')] : []),
  ];
}

const use = ({ id, device }: Session, at: Date, kind: SessionUseDto['kind']): MomentDto => ({
  id: placeAt(at, id),
  at,
  use: { session_id: id, device, kind },
});

/** Among ids, which begin with the time: none is that of a row, and two sessions have two. */
const placeAt = (at: Date, sessionId: string) =>
  String(BigInt(Snowflake.firstOf(+at)) + (BigInt(sessionId) % Snowflake.span(1)));
