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

/** Among ids, which begin with the time; behind it two sessions have two. */
function placeAt(at: Date, sessionId: string): string {
  const id = BigInt(sessionId);
  const width = Snowflake.span(1);
  // Of sessions that one node has opened, the times differ.
  return String(BigInt(Snowflake.firstOf(+at)) + ((id ^ (id / width)) % width));
}
