import { accentOf, FORM_STYLE, paletteOf } from './form-style.ts';

const COLOR = '#1d4ed8';

/** In a layer, so that every rule of the application is stronger. Policies of a page let sheets of its own scripts pass. */
export function adoptStyle(): void {
  if (!sheet) return;
  if (!document.adoptedStyleSheets.includes(sheet)) document.adoptedStyleSheets.push(sheet);
}

const sheet = typeof CSSStyleSheet === 'function' ? newSheet() : undefined;

function newSheet(): CSSStyleSheet {
  const made = new CSSStyleSheet();
  made.replaceSync(`@layer tandem-login {
  tandem-login {
    display: block;
    ${accentOf(COLOR)}
    --link: light-dark(var(--accent), color-mix(in oklab, var(--accent), white 55%));
    ${paletteOf((light, dark) => `light-dark(${light}, ${dark})`)}
    color: var(--text);
    ${FORM_STYLE}
  }
}`);
  return made;
}
