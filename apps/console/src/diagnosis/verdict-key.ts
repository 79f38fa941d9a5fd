import type { VerdictDto } from '../contract.ts';
import type { VerdictKey } from '../words/verdicts.en.ts';

/** What a verdict is called: by its check, and by what the evidence says. */
export function keyOf({ check, verdict, error_code: code, evidence }: VerdictDto): VerdictKey {
  switch (check) {
    case 'number':
      return code === 'COUNTRY_NOT_SERVED' ? 'number.country' : 'number.own';
    case 'user':
      if (evidence.number_moved) return 'user.moved';
      if (evidence.status === 'active') return 'user.dormant';
      return evidence.is_registered ? 'user.disabled' : 'user.unknown';
    case 'pause':
      return evidence.by === 'monitor' ? 'pause.monitor' : 'pause.operator';
    case 'budget':
      return evidence.reason === 'network_share' ? 'budget.network' : 'budget';
    case 'provider':
      return verdict === 'warns' ? 'provider.some' : 'provider';
    case 'delivery':
      return deliveryKey(evidence);
    case 'code':
      return CODES.find((key) => key === `code.${String(evidence.reason)}`) ?? 'code.wrong';
    default:
      return check;
  }
}

const CODES: VerdictKey[] = [
  'code.wrong',
  'code.expired',
  'code.used',
  'code.never_sent',
  'code.lane_exhausted',
  'code.other_number',
];

function deliveryKey(evidence: VerdictDto['evidence']): VerdictKey {
  const [last] = (evidence.messages ?? []) as { outcome?: string; receipt?: string }[];
  if (last?.outcome === 'refused') return 'delivery.refused';
  if (last?.outcome === 'sent') {
    return last.receipt === 'failed' ? 'delivery.lost' : 'delivery.open';
  }
  return 'delivery.failed';
}
