/** Colours on light and on dark. */
const PALETTE = {
  text: ['#1b1f24', '#f0f3f6'],
  quiet: ['#57606a', '#b1bac4'],
  card: ['#fff', '#161b22'],
  line: ['#868e96', '#768390'],
  cell: ['#e9ecef', '#2d333b'],
  error: ['#b42318', '#ffa198'],
  alarm: ['#fdf0ee', '#3a1d1d'],
} as const;

/** As variables of CSS. */
export function paletteOf(choose: (light: string, dark: string) => string): string {
  const lines = Object.entries(PALETTE).map(
    ([name, [light, dark]]) => `--${name}: ${choose(light, dark)};`,
  );
  return lines.join('\n  ');
}

export function accentOf(color: string): string {
  return `--accent: ${color};
  --on-accent: ${textOn(color)};`;
}

/** Sides are logical: it serves both directions of writing. */
export const FORM_STYLE = `p { margin: 0 0 1rem; }
bdi { white-space: nowrap; }
.error { padding: .75rem 1rem; border-radius: .5rem; background: var(--alarm); color: var(--error); font-weight: 600; }
.error:empty, [role=status]:empty { display: none; }
.quiet { color: var(--quiet); font-size: .875rem; }
form { display: grid; gap: .375rem; margin-block-end: 1.25rem; }
label { font-weight: 600; font-size: .875rem; }
input, select, button {
  box-sizing: border-box;
  width: 100%;
  min-height: 2.75rem;
  padding: .5rem .75rem;
  border: 1px solid var(--line);
  border-radius: .5rem;
  background: var(--card);
  color: inherit;
  font: inherit;
}
input, select { margin-block-end: .75rem; }
input[aria-invalid] { border-color: var(--error); }
button {
  border-color: transparent;
  background: var(--accent);
  color: var(--on-accent);
  font-weight: 600;
  cursor: pointer;
}
button.second { border-color: var(--line); background: transparent; color: var(--link); }
button[aria-disabled] { color: var(--quiet); cursor: default; }
:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
form > .quiet { margin: .25rem 0 0; text-align: center; }
a, summary { color: var(--link); }
summary { cursor: pointer; }
details, details + p, p:has(> a) { margin-block-end: .75rem; }
details[open] > p { margin-block: .5rem 0; color: var(--quiet); }
/* Six cells of 1.6ch, 0.4ch apart: one input, so that a code fills it at once. */
.code {
  padding: .5rem 0 .5rem calc(50% - 5.5ch);
  background: repeating-linear-gradient(90deg, var(--cell) 0 1.6ch, transparent 1.6ch 2ch) 50% 50% / 11.6ch 3.25rem no-repeat var(--card);
  font: 600 clamp(1.5rem, 8vw, 2rem)/3.25rem ui-monospace, SFMono-Regular, Menlo, Consolas, monospace;
  letter-spacing: 1ch;
}
`;

/** Black or white, whichever is easier to read on a colour (WCAG 2.2, relative luminance). */
function textOn(color: string): '#000' | '#fff' {
  const [red, green, blue] = [1, 3, 5].map((at) => linear(parseInt(color.slice(at, at + 2), 16)));
  const luminance = 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
  return luminance > 0.179 ? '#000' : '#fff';
}

function linear(channel: number): number {
  const share = channel / 255;
  return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
}
