import { words } from '../words/words.ts';

/** What the server gives as evidence, in its own names: plain values in a row, lists folded up. */
export function Evidence({ of }: { of: Record<string, unknown> }) {
  const entries = Object.entries(of).filter(([, value]) => value !== null);
  const plain = entries.filter(([, value]) => typeof value !== 'object');
  const lists = entries.filter(([, value]) => typeof value === 'object' && !isEmpty(value));
  if (plain.length + lists.length === 0) return null;
  return (
    <div class="evidence">
      {plain.length > 0 && (
        <ul aria-label={words.value.diagnosis.evidence}>
          {plain.map(([name, value]) => (
            <li key={name}>
              <code>{name}</code> <bdi>{String(value)}</bdi>
            </li>
          ))}
        </ul>
      )}
      {lists.map(([name, value]) => (
        <details key={name}>
          <summary>
            <code>{name}</code> {Array.isArray(value) && <span>{value.length}</span>}
          </summary>
          <ul>
            {[value].flat().map((item, index) => (
              <li key={index}>
                <Line of={item} />
              </li>
            ))}
          </ul>
        </details>
      ))}
    </div>
  );
}

const isEmpty = (value: unknown) => Array.isArray(value) && value.length === 0;

/** Each value by itself, whichever way it runs. */
function Line({ of }: { of: unknown }) {
  if (typeof of !== 'object' || of === null) return <bdi>{String(of)}</bdi>;
  const known = Object.entries(of).filter(([, value]) => value !== null);
  return (
    <>
      {known.map(([name, value], index) => (
        <span key={name}>
          {index > 0 && ' · '}
          {name} <bdi>{String(value)}</bdi>
        </span>
      ))}
    </>
  );
}
