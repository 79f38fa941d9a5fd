import * as fc from 'fast-check';
import {
  type AtAPhone,
  type Deed,
  HOLDERS,
  type InSession,
  type Life,
  PEOPLE,
  type Person,
} from './deeds';

/** Whose story it is, and the places of the phones in it. */
interface Cast {
  readonly user: Person;
  readonly home: number;
  readonly spare: number;
  readonly neighbours: number;
}

const ANN: Cast = { user: 'ann', home: 0, spare: 2, neighbours: 1 };
const BEN: Cast = { user: 'ben', home: 1, spare: 3, neighbours: 0 };
const THIEFS = 4;

const at =
  (kind: AtAPhone['kind']) =>
  (who: Person, phone: number): Deed => ({ kind, who, phone });
const by =
  (kind: InSession['kind']) =>
  (who: Person): Deed => ({ kind, who });

const [logIn, logInByPassword, ask] = [at('log in'), at('log in by password'), at('ask')];
const [undo, undoByPassword, take] = [at('undo'), at('undo by password'), at('take')];
const [mine, notMine, order] = [at('say mine'), at('say not mine'), at('order')];
const [prove, confirm, setPassword] = [by('prove'), by('confirm'), by('set password')];
const [edit, remove, steal, cancel] = [by('edit'), by('delete'), by('steal'), by('cancel')];
const release = (phone: number): Deed => ({ kind: 'release', phone });
const week: Deed = { kind: 'a week' };
const longAway: Deed = { kind: 'long away' };

const changed = ({ user, spare }: Cast) => [ask(user, spare), prove(user)];
/** A password that is old enough to outrank a number. */
const oldPassword = ({ user }: Cast) => [setPassword(user), longAway];
const recycled = ({ home }: Cast) => [longAway, take('thief', home)];

/** What happens to people and their numbers, step by step. */
export const STORIES: Record<string, (cast: Cast) => Deed[]> = {
  changed: (cast) => [...changed(cast), week, logIn('thief', cast.home)],
  undone: (cast) => [...changed(cast), undo(cast.user, cast.home)],
  'undone by who found the phone': (cast) => [
    ...changed(cast),
    take('thief', cast.home),
    undo('thief', cast.home),
  ],
  contested: (cast) => [
    ...changed(cast),
    undo(cast.user, cast.home),
    undo(cast.user, cast.spare),
    logIn(cast.user, cast.spare),
  ],
  'changed by a thief': ({ user, home }) => [
    steal(user),
    ask('thief', THIEFS),
    prove('thief'),
    undo(user, home),
    undo('thief', THIEFS),
  ],
  'changed by a password that a thief has set': ({ user, home }) => [
    steal(user),
    setPassword('thief'),
    logInByPassword('thief', home),
    ask('thief', THIEFS),
    prove('thief'),
    week,
  ],
  'cancelled in time': ({ user, home }) => [
    setPassword(user),
    logInByPassword(user, home),
    ask(user, THIEFS),
    take(user, THIEFS),
    prove(user),
    cancel(user),
  ],
  'undone by the password of before': (cast) => [
    ...oldPassword(cast),
    ...changed(cast),
    undoByPassword(cast.user, cast.home),
  ],
  confirmed: (cast) => [
    ...oldPassword(cast),
    ...changed(cast),
    confirm(cast.user),
    logIn(cast.user, cast.home),
  ],
  "the neighbour's": ({ user, neighbours }) => [
    take(user, neighbours),
    ask(user, neighbours),
    prove(user),
  ],
  ordered: ({ user, home, spare }) => [order(user, spare), logIn(user, spare), undo(user, home)],
  'ordered for somebody else': ({ user }) => [
    order(user, THIEFS),
    logIn('thief', THIEFS),
    edit('thief'),
  ],
  detached: (cast) => [...recycled(cast), notMine('thief', cast.home), edit('thief')],
  'detached and back': (cast) => [
    setPassword(cast.user),
    ...recycled(cast),
    notMine('thief', cast.home),
    logInByPassword(cast.user, cast.home),
    ...changed(cast),
  ],
  inherited: (cast) => [...recycled(cast), mine('thief', cast.home), edit(cast.user)],
  'inherited after a week': (cast) => [
    setPassword(cast.user),
    ...recycled(cast),
    mine('thief', cast.home),
    week,
    mine('thief', cast.home),
  ],
  released: ({ user, home }) => [
    release(home),
    take('thief', home),
    notMine('thief', home),
    logIn(user, home),
  ],
  deleted: ({ user, home }) => [remove(user), logIn(user, home), edit(user)],
  'deleted and somebody else': ({ user, home }) => [
    remove(user),
    take('thief', home),
    logIn('thief', home),
  ],
  'deleted in the week after': (cast) => [
    ...changed(cast),
    remove(cast.user),
    week,
    logIn(cast.user, cast.home),
  ],
};

const who = fc.constantFrom(...PEOPLE);
const phone = fc.nat(HOLDERS.length - 1);
const AT_A_PHONE = [logIn, logInByPassword, ask, undo, undoByPassword, take, mine, notMine, order];
const BY_SOMEBODY = [prove, confirm, setPassword, edit, remove, steal, cancel].concat(
  by('cancel by device'),
  by('log out'),
);

/** What is in nobody's story. */
const deed: fc.Arbitrary<Deed> = fc.oneof(
  fc.tuple(fc.constantFrom(...AT_A_PHONE), who, phone).map(([does, ...where]) => does(...where)),
  fc.tuple(fc.constantFrom(...BY_SOMEBODY), who).map(([does, one]) => does(one)),
  fc.constantFrom(week, longAway),
  phone.map(release),
);

const storyOf = (cast: Cast) =>
  fc.constantFrom(...Object.values(STORIES)).map((tell) => tell(cast));

/** A story of each user and what comes in between, in any order, also at the same time. */
export const lives: fc.Arbitrary<Life> = fc
  .record({
    strands: fc.tuple(storyOf(ANN), storyOf(BEN), fc.array(deed, { maxLength: 1 })),
    // Which of them go on, as bits.
    turns: fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 20, maxLength: 20 }),
  })
  .map(({ strands, turns }) => weave(strands, turns));

function weave(strands: readonly Deed[][], turns: readonly number[]): Life {
  const rest = strands.map((strand) => [...strand]);
  const all = 2 ** strands.length - 1;
  const rounds: Deed[][] = [];
  for (let turn = 0; rest.some(({ length }) => length > 0); turn++) {
    const goOn = rest.filter((_, index) => ((turns[turn] ?? all) >> index) & 1);
    rounds.push(goOn.flatMap((strand) => strand.splice(0, 1)));
  }
  return rounds.filter(({ length }) => length > 0);
}
