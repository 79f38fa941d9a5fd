import { useState } from 'preact/hooks';
import type { SettingDto } from '../../contract.ts';
import { useLoad } from '../../load.ts';
import { ask } from '../../session/server.ts';
import { Badge } from '../../ui/badge.tsx';
import { Screen } from '../../ui/screen.tsx';
import { Shown } from '../../ui/shown.tsx';
import { type Column, Table } from '../../ui/table.tsx';
import { words } from '../../words/words.ts';

/** What is in force, and where each value came from. */
export default function Configuration() {
  const { configuration: text, nav } = words.value;
  const [part, setPart] = useState('');
  const loaded = useLoad('configuration', () => ask<SettingDto[]>('GET', '/admin/configuration'));
  const columns: Column<SettingDto>[] = [
    { head: text.setting, cell: ({ name }) => <code>{name}</code> },
    { head: text.value, cell: (setting) => <Value of={setting} /> },
    {
      head: text.source,
      cell: ({ source }) => (
        <Badge tone={source === 'default' ? 'plain' : 'good'}>{text.sources[source]}</Badge>
      ),
    },
  ];
  const isWanted = ({ name }: SettingDto) => name.includes(part.trim().toUpperCase());
  return (
    <Screen title={nav.configuration} lead={<span class="quiet">{text.lead}</span>}>
      <div class="filters">
        <label>
          <span>{text.filter}</span>
          <input
            type="search"
            value={part}
            onInput={(event) => setPart(event.currentTarget.value)}
          />
        </label>
      </div>
      <Shown loaded={loaded}>
        {(settings) => (
          <Table
            caption={nav.configuration}
            columns={columns}
            rows={settings.filter(isWanted)}
            keyOf={({ name }) => name}
            empty={text.empty}
          />
        )}
      </Shown>
    </Screen>
  );
}

function Value({ of: { value, is_set: isSet } }: { of: SettingDto }) {
  const { configuration: text } = words.value;
  if (value === undefined) return <span class="quiet">{isSet ? text.secret : text.unset}</span>;
  return <code>{typeof value === 'object' ? JSON.stringify(value) : String(value)}</code>;
}
