import { amount, localTime } from '../words/times.ts';
import { words } from '../words/words.ts';
import { Table } from './table.tsx';

export interface Bar {
  readonly from: string;
  readonly value: number;
}

const WIDTH = 320;
const HEIGHT = 56;
const GAP = 2;

/** A row of bars, and the same numbers as a table for whoever reads or hears them. */
export function Bars({ title, bars }: { title: string; bars: readonly Bar[] }) {
  const { overview } = words.value;
  const most = Math.max(1, ...bars.map(({ value }) => value));
  const step = WIDTH / bars.length;
  return (
    <div class="bars">
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
        <line x1="0" x2={WIDTH} y1={HEIGHT - 0.5} y2={HEIGHT - 0.5} />
        {bars.map(({ from, value }, index) => {
          const height = value && Math.max(2, (value / most) * (HEIGHT - 4));
          return (
            <rect
              key={from}
              x={index * step}
              y={HEIGHT - height}
              width={step - GAP}
              height={height}
            >
              <title>{`${localTime(new Date(from))}: ${amount(value)}`}</title>
            </rect>
          );
        })}
      </svg>
      <details>
        <summary>{overview.table}</summary>
        <Table
          caption={title}
          columns={[
            { head: overview.from, cell: ({ from }) => localTime(new Date(from)) },
            { head: title, isNumber: true, cell: ({ value }) => amount(value) },
          ]}
          rows={bars}
          keyOf={({ from }) => from}
          empty=""
        />
      </details>
    </div>
  );
}
