import { may } from '../session/may.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { words } from '../words/words.ts';
import { SCREENS, type ScreenName } from './screens.tsx';

export function Help({ onClose }: { onClose: () => void }) {
  const { help, nav } = words.value;
  const screens = Object.entries(SCREENS).filter(([, { role }]) => may(role));
  return (
    <Dialog title={help.title} onClose={onClose}>
      <dl class="facts keys">
        <Key name="/">{help.find}</Key>
        <Key name="?">{help.help}</Key>
        <Key name="Esc">{help.close}</Key>
        {screens.map(([name, { key }]) => (
          <Key key={name} name={`g ${key}`}>
            {nav[name as ScreenName]}
          </Key>
        ))}
      </dl>
      <div class="actions">
        <Button onClick={onClose}>{help.shut}</Button>
      </div>
    </Dialog>
  );
}

function Key({ name, children }: { name: string; children: string }) {
  return (
    <div>
      <dt>
        {name.split(' ').map((key) => (
          <kbd key={key}>{key}</kbd>
        ))}
      </dt>
      <dd>{children}</dd>
    </div>
  );
}
