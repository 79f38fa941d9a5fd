import { useState } from 'preact/hooks';
import type { FoundUserDto, RevealedDto } from '../../contract.ts';
import { ask } from '../../session/server.ts';
import { AskFirst } from '../../ui/ask-first.tsx';
import { words } from '../../words/words.ts';

/** The whole number for a reason. It is gone with the screen. */
export function Reveal({ user }: { user: FoundUserDto }) {
  const { user: text } = words.value;
  const [mobile, setMobile] = useState<string>();
  if (mobile) {
    return (
      <span role="status">
        <bdi class="digits">{mobile}</bdi>
      </span>
    );
  }
  const act = async (reason: string) => {
    const path = `/admin/users/${user.id}/reveal`;
    setMobile((await ask<RevealedDto>('POST', path, { reason })).mobile ?? undefined);
  };
  const question = {
    title: text.revealTitle,
    lead: text.revealLead,
    action: text.reveal,
    wantsReason: true,
    act,
  };
  return <AskFirst label={text.reveal} question={question} />;
}
