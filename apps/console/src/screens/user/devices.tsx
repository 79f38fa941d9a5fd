import type { UserDeviceDto } from '../../contract.ts';
import { Section } from '../../ui/section.tsx';
import { type Column, Table } from '../../ui/table.tsx';
import { Time } from '../../ui/time.tsx';
import { words } from '../../words/words.ts';

export function Devices({ devices }: { devices: readonly UserDeviceDto[] }) {
  const { user: text } = words.value;
  const columns: Column<UserDeviceDto>[] = [
    { head: text.device, cell: ({ device }) => <bdi>{device ?? '–'}</bdi> },
    { head: text.network, cell: ({ network }) => <code>{network ?? '–'}</code> },
    { head: text.began, cell: ({ created_at: at }) => <Time at={at} /> },
    { head: text.used, cell: ({ last_used_at: at }) => <Time at={at} /> },
  ];
  return (
    <Section title={text.devices}>
      <Table
        caption={text.devices}
        columns={columns}
        rows={devices}
        keyOf={({ id }) => id}
        empty={text.noDevices}
      />
    </Section>
  );
}
