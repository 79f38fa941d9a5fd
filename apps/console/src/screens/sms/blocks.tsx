import type { BlockDto } from '../../contract.ts';
import { useLoad } from '../../load.ts';
import { ask } from '../../session/server.ts';
import { AskFirst } from '../../ui/ask-first.tsx';
import { say } from '../../ui/notice.tsx';
import { Section } from '../../ui/section.tsx';
import { Shown } from '../../ui/shown.tsx';
import { type Column, Table } from '../../ui/table.tsx';
import { Time } from '../../ui/time.tsx';
import { words } from '../../words/words.ts';
import { AddBlock } from './add-block.tsx';

export function Blocks() {
  const { sms: text } = words.value;
  const loaded = useLoad('blocks', () => ask<BlockDto[]>('GET', '/admin/blocks'));
  const columns: Column<BlockDto>[] = [
    { head: text.target, cell: ({ target }) => <code>{target}</code> },
    { head: text.until, cell: ({ expires_at: at }) => <Time at={at} /> },
    removing(loaded.reload),
  ];
  return (
    <Section title={text.blocks} id="blocks" actions={<AddBlock onActed={loaded.reload} />}>
      <Shown loaded={loaded}>
        {(blocks) => (
          <Table
            caption={text.blocks}
            columns={columns}
            rows={blocks}
            keyOf={({ id }) => id}
            empty={text.noBlocks}
          />
        )}
      </Shown>
    </Section>
  );
}

function removing(onActed: () => void): Column<BlockDto> {
  const { sms: text, common } = words.value;
  const questionFor = ({ id, target }: BlockDto) => ({
    title: `${text.unblock}: ${target}`,
    lead: text.unblockLead,
    action: text.unblock,
    act: async () => {
      await ask('DELETE', `/admin/blocks/${encodeURIComponent(id)}`);
      say(common.done);
      onActed();
    },
  });
  return {
    head: text.action,
    cell: (block) => <AskFirst label={text.unblock} question={questionFor(block)} />,
  };
}
