import { createHash } from 'node:crypto';

/** Over the sheet of all pages. The overview is a column of cards in the place of one. */
export const ACCOUNT_STYLE = `main:has(section) {
  max-width: 42rem;
  padding: 0;
  border-radius: 0;
  border: 0;
  background: none;
  box-shadow: none;
}
main:has(section) + footer { max-width: 42rem; padding-inline: 1.5rem; }
main:has(section) + footer form { grid-template-columns: minmax(0, 15rem) auto; justify-content: start; }
main:has(section) h1 { margin-block: .5rem 1.25rem; font-size: 1.75rem; }
h2 { margin: 0 0 .5rem; font-size: 1.125rem; line-height: 1.25; }
section {
  margin-block-end: 1rem;
  padding: 1.25rem 1.5rem;
  border-radius: .75rem;
  background: var(--card);
}
section > :last-child { margin-block-end: 0; }
.warning { border-inline-start: .25rem solid var(--accent); padding-inline-start: 1.25rem; }
.saved {
  padding: .75rem 1.5rem;
  border-radius: .75rem;
  background: var(--card);
  font-weight: 600;
}
ul { margin: 0 0 1rem; padding: 0; list-style: none; }
.row {
  display: flex;
  flex-wrap: wrap;
  align-items: center;
  justify-content: space-between;
  gap: .5rem 1rem;
  padding-block: .75rem;
}
.row + .row { border-block-start: 1px solid var(--cell); }
.row > div { flex: 1 1 12rem; display: grid; gap: .125rem; }
.row > div span, time { color: var(--quiet); font-size: .875rem; }
.row form { margin: 0; }
.row:last-child { padding-block-end: 0; }
.row button, .button { width: auto; min-height: 2.5rem; padding: .375rem 1rem; font-size: .875rem; }
.button {
  display: inline-flex;
  align-items: center;
  border: 1px solid var(--line);
  border-radius: .5rem;
  color: var(--link);
  font-weight: 600;
  text-decoration: none;
}
.button.danger { color: var(--error); }
button.danger { background: var(--error); color: var(--card); }
.check { display: flex; align-items: center; gap: .75rem; margin-block: .5rem 1rem; font-size: 1rem; }
.check input { flex: none; width: 1.5rem; min-height: 1.5rem; margin: 0; accent-color: var(--error); }
main > :last-child { margin-block-end: 0; }
.field { align-items: end; }
.field input { margin: 0; min-height: 2.5rem; }
em { color: var(--quiet); font-size: .875rem; font-style: normal; font-weight: 600; }
@media (min-width: 32rem) { .row > .danger:only-child { margin-inline-start: auto; } }
.ends { padding: .25rem 1.5rem; }
`;

/** Changes with what the sheet says: browsers may keep each for ever. */
export const ACCOUNT_STYLE_VERSION = createHash('sha256')
  .update(ACCOUNT_STYLE)
  .digest('base64url')
  .slice(0, 12);
