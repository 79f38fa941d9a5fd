import { useLocation } from 'preact-iso/router';
import { useEffect, useRef } from 'preact/hooks';
import { to } from '../place.ts';
import { leave, lock, me } from '../session/gate.ts';
import { may } from '../session/may.ts';
import { Button } from '../ui/button.tsx';
import { words } from '../words/words.ts';
import { FindBox } from './find-box.tsx';
import { LanguageChoice } from './language-choice.tsx';
import { SCREENS, type ScreenName } from './screens.tsx';

/** Beside the screens; above them where it is narrow, folded up. */
export function Sidebar({ showHelp }: { showHelp: () => void }) {
  const { shell } = words.value;
  const fold = useRef<HTMLDetailsElement>(null);
  const { url } = useLocation();
  useEffect(() => {
    if (fold.current) fold.current.open = isWide();
  }, [url]);
  return (
    <header class="sidebar">
      <a class="mark" href={to('')}>
        Tandem
      </a>
      <FindBox />
      <details ref={fold} open={isWide()}>
        <summary>{shell.menu}</summary>
        <Menu />
        <div class="foot">
          <p class="who">
            <bdi>{me.value?.username ?? me.value?.name}</bdi>
            <span class="quiet">{me.value?.roles.join(', ')}</span>
          </p>
          <LanguageChoice />
          <div class="actions">
            <Button look="quiet" onClick={showHelp}>
              {shell.help}
            </Button>
            <Button look="quiet" onClick={lock}>
              {shell.lock}
            </Button>
            <Button look="quiet" onClick={leave}>
              {shell.logOut}
            </Button>
          </div>
        </div>
      </details>
    </header>
  );
}

const isWide = () => matchMedia('(min-width: 60rem)').matches;

function Menu() {
  const { nav, shell } = words.value;
  const { path } = useLocation();
  const screens = Object.entries(SCREENS).filter(([, { role }]) => may(role));
  return (
    <nav aria-label={shell.screens}>
      <ul>
        {screens.map(([name, screen]) => (
          <li key={name}>
            <a href={to(screen.path)} aria-current={isAt(path, screen.path) ? 'page' : undefined}>
              {nav[name as ScreenName]}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}

/** The first screen is at the root, too. */
const isAt = (path: string, screen: string) =>
  path.startsWith(to(screen)) || (path === to('') && screen === SCREENS.overview.path);
