import type { Role } from '../session/roles.ts';
import { Link } from '../ui/link.tsx';
import { Screen } from '../ui/screen.tsx';
import { fill, words } from '../words/words.ts';

export function NotForYou({ role }: { role: Role }) {
  const { shell } = words.value;
  return (
    <Screen title={fill(shell.notForYou, { role })}>
      <p>
        <Link path="/find">{shell.toFind}</Link>
      </p>
    </Screen>
  );
}
