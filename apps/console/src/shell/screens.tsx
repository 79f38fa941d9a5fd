import lazy from 'preact-iso/lazy';
import type { Role } from '../session/roles.ts';
import type { Words } from '../words/en.ts';

export type ScreenName = keyof Words['nav'];

interface ScreenEntry {
  readonly path: string;
  readonly role: Role;
  /** After `g`. */
  readonly key: string;
}

/** Those of the menu, in its order, with the least role that sees each. */
export const SCREENS: Record<ScreenName, ScreenEntry> = {
  overview: { path: '/overview', role: 'viewer', key: 'o' },
  find: { path: '/find', role: 'viewer', key: 'f' },
  sms: { path: '/sms', role: 'viewer', key: 'm' },
  sessions: { path: '/sessions', role: 'support', key: 's' },
  audit: { path: '/audit', role: 'viewer', key: 'a' },
  operators: { path: '/operators', role: 'admin', key: 'r' },
  webhooks: { path: '/webhooks', role: 'admin', key: 'w' },
  configuration: { path: '/configuration', role: 'admin', key: 'c' },
};

export const Overview = lazy(() => import('../screens/overview/overview.tsx'));
export const Find = lazy(() => import('../screens/find/find.tsx'));
export const User = lazy(() => import('../screens/user/user.tsx'));
export const NumberScreen = lazy(() => import('../screens/number/number.tsx'));
export const RequestScreen = lazy(() => import('../screens/number/request.tsx'));
export const Sms = lazy(() => import('../screens/sms/sms.tsx'));
export const Sessions = lazy(() => import('../screens/sessions/sessions.tsx'));
export const Audit = lazy(() => import('../screens/audit/audit.tsx'));
export const Operators = lazy(() => import('../screens/operators/operators.tsx'));
export const Webhooks = lazy(() => import('../screens/webhooks/webhooks.tsx'));
export const Webhook = lazy(() => import('../screens/webhooks/webhook.tsx'));
export const Configuration = lazy(() => import('../screens/configuration/configuration.tsx'));
