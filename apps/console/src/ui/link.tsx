import type { ComponentChildren } from 'preact';
import { to } from '../place.ts';

interface Props {
  readonly path: string;
  readonly isCurrent?: boolean;
  readonly children: ComponentChildren;
}

/** To another screen. */
export function Link({ path, isCurrent = false, children }: Props) {
  return (
    <a href={to(path)} aria-current={isCurrent ? 'page' : undefined}>
      {children}
    </a>
  );
}

export const UserLink = ({ id }: { id: string }) => (
  <Link path={`/users/${id}`}>
    <code>{id}</code>
  </Link>
);
