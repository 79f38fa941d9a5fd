import { signal } from '@preact/signals';
import type { TandemError } from '@tandem/client';
import type { SearchedDto } from '../../contract.ts';
import { noted } from '../../session/gate.ts';
import { ask } from '../../session/server.ts';

/** What was looked for, and what came of it: kept here, since an address is no place for numbers. */
export interface Finding {
  readonly query: string;
  readonly found?: SearchedDto;
  readonly error?: TandemError;
}

export const finding = signal<Finding | null>(null);

const REQUEST_ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** @returns the path of the screen that has the answer. */
export async function find(typed: string): Promise<string> {
  const query = typed.trim();
  if (REQUEST_ID.test(query)) return `/requests/${query}`;
  try {
    const found = await search(query);
    finding.value = { query, found };
    return onlyOne(found) ?? '/find';
  } catch (cause) {
    finding.value = { query, error: noted(cause) };
    return '/find';
  }
}

export async function findMore(): Promise<void> {
  const { query, found } = finding.value!;
  const next = await search(query, found!.next!);
  finding.value = { query, found: { ...next, users: [...found!.users, ...next.users] } };
}

export const search = (query: string, after?: string) =>
  ask<SearchedDto>('POST', '/admin/search', { query, after });

function onlyOne({ users, number_refs: refs, has_more: hasMore }: SearchedDto) {
  if (hasMore || users.length + refs.length !== 1) return undefined;
  return users[0] ? `/users/${users[0].id}` : `/numbers/${refs[0]}`;
}
