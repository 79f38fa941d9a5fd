import type { Page } from 'playwright-core';
import { consoleUrl } from './console';
import type { ConsoleWorld } from './console-world';
import type { TestApp } from './test-app';

export const ROLES = ['viewer', 'support', 'admin'] as const;
export type Role = (typeof ROLES)[number];

export interface ConsoleScreen {
  readonly name: string;
  readonly path: (world: ConsoleWorld) => string;
  readonly role: Role;
  /** What shows that it is there. */
  readonly shows: string;
}

const screen = (
  name: string,
  role: Role,
  path: ConsoleScreen['path'],
  shows = 'main table',
): ConsoleScreen => ({ name, role, path, shows });

export const SCREENS: readonly ConsoleScreen[] = [
  screen('overview', 'viewer', () => '/overview', '.figures'),
  screen('find', 'viewer', () => '/find', '#query'),
  screen('user', 'viewer', ({ user }) => `/users/${user.id}`, '.answer'),
  screen('messages', 'viewer', () => '/sms', '#deliveries table'),
  screen('number', 'viewer', ({ strangerRef }) => `/numbers/${strangerRef}`, '.answer'),
  screen('request', 'viewer', ({ requestId }) => `/requests/${requestId}`, '.answer'),
  screen('sessions', 'support', () => '/sessions'),
  screen('audit', 'viewer', () => '/audit'),
  screen('operators', 'admin', () => '/operators'),
  screen('webhooks', 'admin', () => '/webhooks'),
  screen('webhook', 'admin', ({ webhook }) => `/webhooks/${webhook}`),
  screen('configuration', 'admin', () => '/configuration'),
];

export const isAtLeast = (role: Role, least: Role) => ROLES.indexOf(role) >= ROLES.indexOf(least);

/** Loads it anew, and waits for all that it shows. */
export async function openScreen(
  app: TestApp,
  page: Page,
  world: ConsoleWorld,
  { path, shows }: ConsoleScreen,
): Promise<void> {
  await page.goto(consoleUrl(app) + path(world));
  await page.waitForSelector(shows);
  await page.waitForSelector('main .loading', { state: 'detached' });
}
