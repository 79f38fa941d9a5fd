import type { Figure, Report } from './report';

/** Who is shown, and as what. */
const SHOWN: Record<string, string> = {
  tandem: 'Tandem',
  limit: 'limit',
  'tutorial KeyObject': 'tutorial NestJS',
  'better-auth': 'Better Auth',
};
const SCENARIOS = ['guarded', 'refresh', 'login', 'first login'];

const [WIDTH, LABEL, BAR, ROW, GAP, TOP] = [720, 120, 480, 18, 34, 44];

const STYLE = `text{font:12px system-ui,sans-serif;fill:#333}.title{font-weight:600}
.bar{fill:#9aa5b1}.tandem{fill:#2563eb}.line{stroke:#333;stroke-width:1.5}
@media(prefers-color-scheme:dark){text{fill:#ddd}.bar{fill:#6b7683}.tandem{fill:#60a5fa}.line{stroke:#ddd}}`;

/** CPU a request, each scenario on a scale of its own, with the intervals as lines. */
export function chartOf({ figures, machine, date }: Report): string {
  let y = TOP;
  const panels = SCENARIOS.map((scenario) => {
    const shown = figures.filter(
      (one) => one.scenario === scenario && one.contestant in SHOWN && one.cpu,
    );
    const from = y;
    y += GAP + shown.length * ROW;
    return panel(scenario, shown, from);
  });
  const caption = `CPU of the server a request, µs (${machine.cpu}, Node ${machine.node}, ${date}); less is better`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${y}" role="img" aria-label="${escaped(caption)}">`,
    `<style>${STYLE}</style>`,
    text(0, 16, caption),
    ...panels,
    '</svg>\n',
  ].join('\n');
}

function panel(scenario: string, figures: Figure[], top: number): string {
  const most = Math.max(...figures.map(({ cpu }) => cpu!.high));
  const rows = figures.map((figure, index) => row(figure, BAR / most, top + 8 + index * ROW));
  return [text(0, top, scenario, 'title'), ...rows].join('\n');
}

function row({ contestant, cpu }: Figure, scale: number, y: number): string {
  const { median, low, high } = cpu!;
  const [from, to, end] = [low, high, median].map((value) => rounded(LABEL + value * scale));
  const middle = y + ROW / 2 - 2;
  return [
    text(8, y + 11, SHOWN[contestant]!),
    `<rect class="bar ${contestant}" x="${LABEL}" y="${y}" width="${rounded(median * scale)}" height="${ROW - 4}"/>`,
    `<path class="line" d="M${from} ${middle}H${to}"/>`,
    text(Math.max(to!, end!) + 6, y + 11, median.toFixed(0)),
  ].join('\n');
}

const text = (x: number, y: number, words: string, style = '') =>
  `<text x="${x}" y="${y}"${style && ` class="${style}"`}>${escaped(words)}</text>`;

const escaped = (words: string) => words.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
const rounded = (value: number) => Math.round(value * 10) / 10;
