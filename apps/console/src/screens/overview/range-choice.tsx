import { Link } from '../../ui/link.tsx';
import { words } from '../../words/words.ts';

const RANGES = ['1h', '24h', '30d'] as const;
type Range = (typeof RANGES)[number];

export const rangeIn = ({ range }: Record<string, string>): Range =>
  RANGES.find((one) => one === range) ?? '24h';

export function RangeChoice({ range }: { range: Range }) {
  const { overview } = words.value;
  return (
    <nav class="choice" aria-label={overview.range}>
      {RANGES.map((one) => (
        <Link key={one} path={`/overview?range=${one}`} isCurrent={one === range}>
          {overview.ranges[one]}
        </Link>
      ))}
    </nav>
  );
}
