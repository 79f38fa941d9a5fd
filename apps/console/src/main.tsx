import { render } from 'preact';
import { Console } from './shell/console.tsx';
import { startWords } from './words/words.ts';
import { enter, gate, leave, lock } from './session/gate.ts';
import { watchIdleness } from './session/idle.ts';

await startWords();
watchIdleness(
  () => gate.value === 'open',
  lock,
  () => {
    if (gate.value === 'open' || gate.value === 'locked') void leave();
  },
);
render(<Console />, document.querySelector('#app')!);
await enter();
