import type { SearchedDto } from '../../contract.ts';
import { Button } from '../../ui/button.tsx';
import { Link } from '../../ui/link.tsx';
import { Section } from '../../ui/section.tsx';
import { words } from '../../words/words.ts';
import { findMore } from './finding.ts';
import { UserTable } from './user-table.tsx';

export function Found({ found }: { found: SearchedDto }) {
  const { find: text, common } = words.value;
  const { users, number_refs: refs, has_more: hasMore } = found;
  if (users.length + refs.length === 0) {
    return (
      <div class="empty" role="status">
        <p>{text.empty}</p>
        <p class="quiet">{text.emptyHint}</p>
      </div>
    );
  }
  return (
    <>
      {users.length > 0 && (
        <Section title={text.users}>
          <UserTable users={users} />
          {hasMore && <Button onClick={findMore}>{common.more}</Button>}
        </Section>
      )}
      {refs.length > 0 && (
        <Section title={text.numbers}>
          <ul class="links">
            {refs.map((ref) => (
              <li key={ref}>
                <code>{ref}</code> <Link path={`/numbers/${ref}`}>{text.openNumber}</Link>
              </li>
            ))}
          </ul>
        </Section>
      )}
    </>
  );
}
