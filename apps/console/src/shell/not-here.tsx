import { Link } from '../ui/link.tsx';
import { Screen } from '../ui/screen.tsx';
import { words } from '../words/words.ts';

export function NotHere() {
  const { shell } = words.value;
  return (
    <Screen title={shell.notHere}>
      <p>
        <Link path="/find">{shell.toFind}</Link>
      </p>
    </Screen>
  );
}
