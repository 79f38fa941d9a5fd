export const PEOPLE = ['ann', 'ben', 'thief'] as const;
export type Person = (typeof PEOPLE)[number];

export const PASSWORD_OF: Record<Person, string> = {
  ann: 'correct horse battery',
  ben: 'staple of the stable',
  thief: 'crowbar and a lantern',
};

/** In whose hand each phone is at first. */
export const HOLDERS: readonly Person[] = ['ann', 'ben', 'ann', 'ben', 'thief'];

/** What one of them does with a phone, which is meant by its place. */
export interface AtAPhone {
  readonly kind:
    | 'log in'
    | 'log in by password'
    | 'ask'
    | 'undo'
    | 'undo by password'
    | 'say mine'
    | 'say not mine'
    | 'order'
    | 'take';
  readonly who: Person;
  readonly phone: number;
}

/** What one of them does in a session. */
export interface InSession {
  readonly kind:
    | 'prove'
    | 'cancel'
    | 'cancel by device'
    | 'confirm'
    | 'set password'
    | 'edit'
    | 'delete'
    | 'steal'
    | 'log out';
  readonly who: Person;
}

export type Deed =
  | AtAPhone
  | InSession
  | { readonly kind: 'release'; readonly phone: number }
  | { readonly kind: 'a week' }
  | { readonly kind: 'long away' };

/** Rounds, of deeds that happen at the same time. */
export type Life = readonly (readonly Deed[])[];
