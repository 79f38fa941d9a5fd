import { accentOf, FORM_STYLE, paletteOf } from './form-style';

/** The style sheet of the pages, with the colour of the service. */
export function styleSheet(color: string): string {
  return `:root {
  color-scheme: light dark;
  ${accentOf(color)}
  --link: ${color};
  --page: #f3f4f6;
  ${paletteOf((light) => light)}
}
@media (prefers-color-scheme: dark) {
  :root {
  --link: color-mix(in oklab, ${color}, white 55%);
  --page: #0d1117;
  ${paletteOf((_light, dark) => dark)}
  }
}
* { box-sizing: border-box; }
body {
  margin: 0;
  min-height: 100vh;
  display: grid;
  align-content: center;
  justify-items: center;
  gap: 1rem;
  padding: 1rem;
  background: var(--page);
  color: var(--text);
  font: 1rem/1.5 system-ui, sans-serif;
}
main {
  width: 100%;
  max-width: 24rem;
  padding: 2rem 1.75rem;
  border-radius: 1rem;
  background: var(--card);
  box-shadow: 0 1px 2px rgb(0 0 0 / .08), 0 .75rem 2rem rgb(0 0 0 / .07);
  overflow-wrap: anywhere;
}
h1 { margin: 0 0 1.25rem; font-size: 1.5rem; line-height: 1.25; }
.logo { display: block; max-width: 60%; max-height: 3rem; margin-block-end: 1.25rem; }
main > :last-child, tandem-login > :last-child { margin-block-end: 0; }
tandem-login { display: block; }
.app { margin: 0 0 .25rem; color: var(--quiet); font-weight: 600; }
${FORM_STYLE}
footer { width: 100%; max-width: 24rem; padding-inline: 1.75rem; color: var(--quiet); font-size: .875rem; }
footer form { grid-template-columns: 1fr auto; align-items: center; gap: .5rem; margin: 0; }
footer label { grid-column: 1 / -1; }
footer select { margin: 0; }
`;
}
