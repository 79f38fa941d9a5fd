import type { DeliveryDto } from '../../contract.ts';
import { Badge, type Tone } from '../../ui/badge.tsx';
import { Link } from '../../ui/link.tsx';
import { type Column, Table } from '../../ui/table.tsx';
import { Time } from '../../ui/time.tsx';
import { amount } from '../../words/times.ts';
import { words } from '../../words/words.ts';

interface Props {
  readonly caption: string;
  readonly empty: string;
  readonly deliveries: readonly DeliveryDto[];
  readonly hasNumbers?: boolean;
}

const TONES: Record<string, Tone> = { sent: 'good', refused: 'bad', failed: 'bad' };

export function DeliveryTable({ caption, deliveries, empty, hasNumbers = false }: Props) {
  const { delivery: text } = words.value;
  const number: Column<DeliveryDto> = {
    head: text.number,
    cell: ({ mobile, number_ref: ref }) =>
      ref ? (
        <Link path={`/numbers/${ref}`}>
          <bdi class="digits">{mobile}</bdi>
        </Link>
      ) : (
        <bdi class="digits">{mobile}</bdi>
      ),
  };
  const columns: Column<DeliveryDto>[] = [
    { head: text.time, cell: ({ created_at: at }) => <Time at={at} /> },
    ...(hasNumbers ? [number] : []),
    { head: text.provider, cell: ({ provider, country }) => `${provider} · ${country}` },
    { head: text.outcome, cell: (delivery) => <Outcome of={delivery} /> },
    { head: text.receipt, cell: (delivery) => <Receipt of={delivery} /> },
    {
      head: text.used,
      cell: ({ verified_at: at }) =>
        at ? <Time at={at} /> : <span class="quiet">{text.unused}</span>,
    },
    { head: text.price, isNumber: true, cell: ({ price }) => amount(price, 3) },
  ];
  return (
    <Table
      caption={caption}
      columns={columns}
      rows={deliveries}
      keyOf={({ id }) => id}
      empty={empty}
    />
  );
}

function Outcome({ of: { outcome, failure_code: code } }: { of: DeliveryDto }) {
  return (
    <>
      <Badge tone={TONES[outcome] ?? 'warn'}>
        {words.value.delivery.outcomes[outcome] ?? outcome}
      </Badge>{' '}
      {code && <code>{code}</code>}
    </>
  );
}

function Receipt({ of: { receipt, receipt_code: code, delivered_at: at } }: { of: DeliveryDto }) {
  const { receipts } = words.value.delivery;
  if (!receipt) return <span class="quiet">{receipts.none}</span>;
  return (
    <>
      <Badge tone={receipt === 'failed' ? 'bad' : 'good'}>
        {receipts[receipt as keyof typeof receipts] ?? receipt}
      </Badge>{' '}
      {code && <code>{code}</code>} {at && <Time at={at} />}
    </>
  );
}
