import type { ComponentChildren } from 'preact';
import type { FoundUserDto, VerdictDto } from '../contract.ts';
import { EnableUser, EndSessions } from '../screens/user/user-actions.tsx';
import { mayActOn } from '../screens/user/may-act-on.ts';
import { LiftLimits } from '../screens/number/lift-limits.tsx';
import { may } from '../session/may.ts';
import { Link } from '../ui/link.tsx';
import { words } from '../words/words.ts';
import { keyOf } from './verdict-key.ts';

interface Props {
  readonly verdict: VerdictDto;
  readonly user?: FoundUserDto;
  readonly numberRef?: string;
  readonly onActed: () => void;
}

/** The button that acts on the answer, for those who may. */
export function Remedy(props: Props) {
  const remedy = remedyFor(props);
  return remedy && <div class="actions">{remedy}</div>;
}

function remedyFor({ verdict, user, numberRef, onActed }: Props): ComponentChildren {
  const { diagnosis } = words.value;
  switch (keyOf(verdict)) {
    case 'user.disabled':
      return user && mayActOn(user) && <EnableUser user={user} onActed={onActed} />;
    case 'code.used':
      return user && mayActOn(user) && <EndSessions user={user} onActed={onActed} />;
    case 'limits':
    case 'code.lane_exhausted':
      return numberRef && mayLift(user) && <LiftLimits numberRef={numberRef} onActed={onActed} />;
    case 'pause.operator':
    case 'pause.monitor':
      return <Link path="/sms#pauses">{diagnosis.toPauses}</Link>;
    case 'block':
      return may('admin') && <Link path="/sms#blocks">{diagnosis.toBlocks}</Link>;
    case 'budget':
    case 'budget.network':
      return <Link path="/sms#spend">{diagnosis.toSpend}</Link>;
    case 'delivery.failed':
    case 'delivery.lost':
    case 'delivery.open':
    case 'delivery.refused':
      return numberRef && <Link path={`/sms?number=${numberRef}`}>{diagnosis.toMessages}</Link>;
    case 'session':
      return <a href="#sessions">{diagnosis.toSessions}</a>;
    default:
      return null;
  }
}

/** Of a number that may be nobody's. */
const mayLift = (user?: FoundUserDto) => (user ? mayActOn(user) : may('support'));
