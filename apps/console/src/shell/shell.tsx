import { useLocation } from 'preact-iso/router';
import { useState } from 'preact/hooks';
import { words } from '../words/words.ts';
import { Failing } from './failing.tsx';
import { Help } from './help.tsx';
import { useKeptFocus } from './kept-focus.ts';
import { useKeyboard } from './keyboard.ts';
import { Routes } from './routes.tsx';
import { Sidebar } from './sidebar.tsx';

/** What stands around every screen. */
export function Shell() {
  const [isHelpOpen, setHelpOpen] = useState(false);
  const { route, path } = useLocation();
  useKeptFocus();
  useKeyboard(route, () => setHelpOpen(true));
  return (
    <div class="shell">
      <a class="skip" href="#content">
        {words.value.shell.skip}
      </a>
      <Sidebar showHelp={() => setHelpOpen(true)} />
      <main id="content" tabIndex={-1}>
        <Failing key={path}>
          <Routes />
        </Failing>
      </main>
      {isHelpOpen && <Help onClose={() => setHelpOpen(false)} />}
    </div>
  );
}
