/** Written from openapi.json by `npm run openapi`. */

export interface AddedWebhookDto {
  id: string;
  url: string;
  events: (
    | '*'
    | 'user.created'
    | 'user.updated'
    | 'user.disabled'
    | 'user.enabled'
    | 'user.deletion_requested'
    | 'user.deletion_cancelled'
    | 'user.deleted'
    | 'user.mobile_changed'
    | 'mobile_change.requested'
    | 'mobile_change.cancelled'
    | 'mobile_change.confirmed'
    | 'user.number_claimed'
    | 'user.detached'
    | 'user.reassigned'
    | 'session.started'
    | 'session.ended'
    | 'login.failed'
    | 'credential.changed'
    | 'device.added'
    | 'sms.paused'
    | 'sms.resumed'
    | 'sms.budget'
    | 'webhook.created'
    | 'webhook.disabled'
  )[];
  /** Whether it gets full numbers; only the command line can say so. */
  pii: boolean;
  status: 'enabled' | 'disabled';
  /** `gone`: it answered 410. `failing`: it failed for five days. */
  disabled_reason: 'gone' | 'failing' | null;
  disabled_at: string | null;
  /** Since when every attempt fails. */
  failing_since: string | null;
  created_at: string;
  /** Verifies what it gets, by the libraries of Standard Webhooks. It is shown this once. */
  secret: string;
}

export interface AlertDto {
  kind:
    | 'audit_unsealed'
    | 'budget_spent'
    | 'events_late'
    | 'node_silent'
    | 'redis_away'
    | 'strangers_spent'
    | 'versions_differ'
    | 'webhook_disabled'
    | 'webhooks_late';
  /** A node, a budget, an endpoint; null where it is the service as a whole. */
  subject: string | null;
  /** Seconds; of a budget, per cent. */
  value: number | null;
}

export interface AttackDto {
  /** From where requests are refused, for `POST /admin/blocks`; null for viewers. */
  network: string | null;
  /** Refusals of the last 15 minutes. */
  refusals: number;
}

export interface AuditEventDto {
  id: string;
  at: string;
  action: string;
  actor_kind: 'user' | 'operator' | 'service' | 'cli' | 'system' | 'anonymous';
  actor_id: string | null;
  user_id: string | null;
  session_id: string | null;
  reason: string | null;
  /** Of settings and webhooks for admins alone. */
  detail: Record<string, unknown> | null;
  /** Made coarse; null for viewers. */
  network: string | null;
  number_ref: string | null;
  request_id: string | null;
}

export interface AuditPageDto {
  events: AuditEventDto[];
  /** Whether there are more: ask again with the last id as `after`. */
  has_more: boolean;
}

export interface BlockDto {
  /** For `DELETE /admin/blocks/{id}`. */
  id: string;
  /** A number is masked. */
  target: string;
  /** Of a number. */
  number_ref: string | null;
  expires_at: string;
}

export interface BudgetDto {
  /** A country, or `*` for all of them together. */
  scope: string;
  /** Of a day, in the currency of the prices. */
  budget: number;
  /** Today (UTC). */
  spent: number;
  /** What may be spent at this moment: a budget flows in all day. */
  left: number;
  /** The part of it that whoever nobody knows may spend. */
  left_for_strangers: number;
}

export interface DeletionDto {
  /** When everything personal is erased. Until then a login works, and `DELETE /users/me/deletion` cancels it. */
  delete_at: string;
}

export interface DeliveriesDto {
  /** Also few or none where most of the last 2,000 do not fit: go on with `next`. */
  deliveries: DeliveryDto[];
  has_more: boolean;
  /** For `after`, where there are more. */
  next: string | null;
}

export interface DeliveryDto {
  id: string;
  /** Masked. */
  mobile: string;
  number_ref: string | null;
  country: string;
  provider: string;
  provider_message_id: string | null;
  outcome: 'sent' | 'refused' | 'failed' | 'unknown';
  /** Why the provider did not take it, by its own code. */
  failure_code: string | null;
  /** What the provider says has become of it. */
  receipt: string | null;
  receipt_code: string | null;
  /** In the currency of the prices. */
  price: number;
  created_at: string;
  delivered_at: string | null;
  /** When somebody logged in with the code. */
  verified_at: string | null;
}

export interface DiagnosisDto {
  /** In the order in which they decide: the first that blocks is the answer. */
  verdicts: VerdictDto[];
}

export interface DiagnosisRequestDto {
  /** The opaque name of a number, as other routes and the log tell it. */
  number_ref?: string;
  /** A user id. */
  user?: string;
  /** The `request_id` of an error. */
  request_id?: string;
  /** From where the person asks: without it, the network of the last request that is known. */
  address?: string;
}

export interface EndSessionsDto {
  /** Why, for the audit. */
  reason: string;
  /** Those opened from there: to the /24 of IPv4 and the /48 of IPv6, or broader. */
  network?: string;
  /** Those opened before this time. */
  opened_before?: string;
  /** All of them, where neither is given. */
  all?: boolean;
  /** The `next` of the step before. */
  after?: string;
}

/** Stable; decide on this one. */
export type ErrorCode =
  | 'VALIDATION_FAILED'
  | 'NUMBER_UNREACHABLE'
  | 'COUNTRY_NOT_SERVED'
  | 'INVALID_CODE'
  | 'INVALID_CREDENTIALS'
  | 'INVALID_CLIENT'
  | 'UNAUTHORIZED'
  | 'REFRESH_TOKEN_NOT_ALLOWED'
  | 'WRONG_REFRESH_TOKEN'
  | 'USER_DISABLED'
  | 'LOGIN_REFUSED'
  | 'RECENT_LOGIN_REQUIRED'
  | 'RECENT_CODE_REQUIRED'
  | 'STEP_UP_REQUIRED'
  | 'FORBIDDEN'
  | 'NOT_FOUND'
  | 'MOBILE_TAKEN'
  | 'MOBILE_CHANGE_ACTIVE'
  | 'NUMBER_MOVED'
  | 'NUMBER_PERHAPS_REASSIGNED'
  | 'NUMBER_CLAIM_WAITS'
  | 'NUMBER_CLAIM_REFUSED'
  | 'USERNAME_TAKEN'
  | 'LAST_ADMIN'
  | 'PAYLOAD_TOO_LARGE'
  | 'UNSUPPORTED_MEDIA_TYPE'
  | 'CAPTCHA_REQUIRED'
  | 'TOO_MANY_REQUESTS'
  | 'REQUEST_REFUSED'
  | 'INTERNAL'
  | 'UNAVAILABLE'
  | 'SMS_BUDGET_SPENT'
  | 'SMS_PAUSED';

export interface ErrorDto {
  statusCode: number;
  /** A sentence, or one for each thing that is wrong with the request. */
  message: string | string[];
  /** The standard phrase of the status. */
  error: string;
  /** Stable; decide on this one. */
  errorCode: ErrorCode;
  /** With a 429: what there was too much of. */
  limit?: LimitKind;
  /** With a 429: seconds to wait, as `Retry-After` says. */
  retry_after?: number;
  /** For five minutes: with `NUMBER_MOVED` what `POST /auth/mobile-changes/undo` takes, with `NUMBER_PERHAPS_REASSIGNED` what `POST /auth/tokens/reassigned` takes. */
  ticket?: string;
  /** With `NUMBER_MOVED`: until when nobody else can have the number; null while an operator decides. */
  reserved_until?: string | null;
  /** With `NUMBER_CLAIM_WAITS`: when the number opens the account. */
  available_at?: string;
  /** Names the request in the server's log. */
  request_id: string;
}

export interface FoundUserDto {
  id: string;
  /** Stands for the number in other calls; null, like what follows of it, once somebody else has it. */
  number_ref: string | null;
  /** Masked. */
  mobile: string | null;
  country: string | null;
  name: string;
  username: string | null;
  status: 'active' | 'disabled';
  roles: string[];
  created_at: string;
  last_login: string;
  /** When a code last proved the number. */
  verified_at: string | null;
}

export interface JobDto {
  /** Work that one node does at a time. */
  name: string;
  /** A random name of the process that does it. */
  holder: string;
  held_until: string;
}

export interface LiftedDto {
  /** The limits that began anew. */
  lifted: string[];
}

export interface LimitDto {
  limit: string;
  /** Whether others are counted there, too. */
  shared: boolean;
  used: number;
  /** Points left. */
  left: number;
  /** Seconds until one is free; 0 while there is one. */
  wait: number;
}

/** With a 429: what there was too much of. */
export type LimitKind =
  'number' | 'address' | 'network' | 'country' | 'total' | 'username' | 'account' | 'captcha';

export interface MobileChangeDto {
  id: string;
  /** `open`: not proved yet. `ordered`: an operator has; who logs in with the new number proves it. `pending`: the number changes at `until`. `moved`: it has changed, the old one is kept until `until`. `undone`: the old one is back, the new one is kept. `claimed`: who has just proved the number says that the account is theirs, shows no password, and may have it at `until`, without what is in it. */
  state:
    | 'open'
    | 'ordered'
    | 'pending'
    | 'moved'
    | 'undone'
    | 'recovery'
    | 'claimed'
    | 'confirmed'
    | 'reverted'
    | 'cancelled'
    | 'taken'
    | 'detached';
  /** The new number, masked. */
  mobile: string;
  until: string | null;
}

export interface MobileOrderDto {
  /** Why, for the audit. */
  reason: string;
  /** Any spelling of a mobile number. */
  mobile: string;
}

export interface MomentDto {
  /** For `after`. */
  id: string;
  at: string;
  event?: AuditEventDto;
  delivery?: DeliveryDto;
  /** The last refreshes of a session: the others are not on record. */
  use?: SessionUseDto;
}

export interface NewBlockDto {
  /** Why, for the audit. */
  reason: string;
  /** A number with + or its `number_ref`, the beginning of numbers like `+86138*`, an address or a network. */
  target: string;
  /** For how long. */
  seconds: number;
}

export interface NewWebhookDto {
  /** https:, without a user, password or fragment. */
  url: string;
  /** Types of events, or `*`. */
  events: (
    | '*'
    | 'user.created'
    | 'user.updated'
    | 'user.disabled'
    | 'user.enabled'
    | 'user.deletion_requested'
    | 'user.deletion_cancelled'
    | 'user.deleted'
    | 'user.mobile_changed'
    | 'mobile_change.requested'
    | 'mobile_change.cancelled'
    | 'mobile_change.confirmed'
    | 'user.number_claimed'
    | 'user.detached'
    | 'user.reassigned'
    | 'session.started'
    | 'session.ended'
    | 'login.failed'
    | 'credential.changed'
    | 'device.added'
    | 'sms.paused'
    | 'sms.resumed'
    | 'sms.budget'
    | 'webhook.created'
    | 'webhook.disabled'
  )[];
}

export interface NodeDto {
  /** A random name of the process, as jobs name their holders. */
  id: string;
  /** Of its machine or container. */
  name: string;
  version: string;
  /** `silent` is one that has not written to SQL for half a minute, and did not shut down. */
  state: 'up' | 'silent';
  redis: 'unused' | 'missing' | 'down' | 'degraded' | 'up';
  /** Milliseconds that it last waited for SQL. */
  sql_ms: number;
  started_at: string;
  seen_at: string;
}

export interface OverviewDto {
  range: '1h' | '24h' | '30d';
  /** When the range was counted: a month every ten minutes; how things stand is told anew after 5 s. */
  at: string;
  steps: OverviewStepDto[];
  /** Seconds until half of those of the newest 1,000 messages were delivered that have a receipt. */
  delivered_median: number | null;
  /** The same for 95 per cent. */
  delivered_p95: number | null;
  /** Among the last 700 rows of each action in the range. */
  refusals: RefusalsDto[];
  budgets: BudgetDto[];
  pauses: PauseDto[];
  attacks: AttackDto[];
  /** What somebody should look at. */
  alerts: AlertDto[];
  /** The processes of this installation: 1,000 at most, those first that were heard of last. */
  nodes: NodeDto[];
  jobs: JobDto[];
}

export interface OverviewStepDto {
  /** When it begins. */
  from: string;
  logins: number;
  first_logins: number;
  /** Codes and notices that a provider took. */
  sent: number;
  /** Of these, codes that somebody logged in with. */
  used: number;
}

export interface PauseDto {
  /** For `DELETE /admin/sms/pauses/{scope}`. */
  scope: string;
  /** Numbers that begin so, or a network. */
  target: string;
  by: 'operator' | 'monitor';
  /** Whether it holds for devices and networks of users, too. */
  everybody: boolean;
  expires_at: string | null;
}

export interface ProfileDto {
  gender: 'female' | 'male' | 'other' | null;
  birthday: string | null;
  avatar_url: string | null;
  introduction: string | null;
  locale: string | null;
  time_zone: string | null;
}

export interface ReasonDto {
  /** Why, for the audit. */
  reason: string;
}

export interface RefusalsDto {
  action: string;
  reason: string;
  count: number;
}

export interface ReleasedDto {
  released: number;
  /** Of users with roles, and test numbers. */
  kept: number;
  /** Those that no user has. */
  unknown: number;
}

export interface ReleasedNumbersDto {
  /** Why, for the audit. */
  reason: string;
  /** With +, in any spelling; 500 at most. */
  numbers: string[];
}

export interface ReplayDto {
  /** One event. */
  event?: string;
  /** Or those since a time that it wants, the oldest 10,000 at most. */
  since?: string;
  /** Until when, after `since`; now unless given. */
  until?: string;
}

export interface ReplayedDto {
  /** How many it will be told of. */
  events: number;
  /** From when to replay those that were too many; null when all will be told. */
  next: string | null;
}

export interface RevealedDto {
  /** In E.164; null for a user who has none. */
  mobile: string | null;
}

export interface RolesDto {
  /** Why, for the audit. */
  reason: string;
  /** All that the user has from now on. */
  roles: string[];
}

export interface RolesOfUserDto {
  roles: string[];
}

export interface RouteDto {
  /** `*` for every country that has no order of its own. */
  country: string;
  /** `codes_used`: the first one goes before the configured one, whose codes are used less by 15 points or more, and costs no more than twice as much. */
  because: 'configured' | 'codes_used';
  /** As `SMS_ROUTES` and `SMS_PROVIDERS` have it. */
  configured: ('log' | 'webhook' | 'twilio' | 'aliyun' | 'tencent' | 'sns')[];
  /** In the order in which they are tried now, on the node that answers. */
  steps: RouteStepDto[];
}

export interface RouteStepDto {
  provider: 'log' | 'webhook' | 'twilio' | 'aliyun' | 'tencent' | 'sns';
  /** Of a message, in the currency of the prices. */
  price: number;
  /** Which share of its codes to known numbers was used within a day, one vote a number; null where fewer than 20 have voted. */
  used: number | null;
  /** Since when it fails and is left alone, but for a try every five seconds. */
  open_since: string | null;
  /** Seconds until its account takes another message; 0 while it does. */
  throttled: number;
}

export interface SealsDto {
  /** Those that were looked at. */
  seals: number;
  /** Rows under them. */
  events: number;
  /** Rows that wait for a seal. */
  unsealed: number;
  /** What does not fit, if anything. */
  broken: string | null;
}

export interface SearchDto {
  /** A number in any spelling, the id of a user, the beginning of a username, the id of a request, or that of a message at its provider. */
  query: string;
  /** The `next` of the answer before. */
  after?: string;
}

export interface SearchedDto {
  users: FoundUserDto[];
  /** Numbers that were found, or given, and are no user’s. */
  number_refs: string[];
  has_more: boolean;
  /** For `after`, where there are more. */
  next: string | null;
}

export interface SessionListDto {
  /** Also few or none where most of those that were looked at do not fit: go on with `next`. */
  sessions: SessionOfUserDto[];
  has_more: boolean;
  /** For `after`, where there are more. */
  next: string | null;
}

export interface SessionOfUserDto {
  id: string;
  device: string | null;
  /** Made coarse; null for viewers. */
  network: string | null;
  /** What was proved in it. */
  amr: string[];
  auth_time: string;
  created_at: string;
  /** To the quarter hour. */
  last_used_at: string;
  expires_at: string;
  ended_at: string | null;
  end_reason: string | null;
  user_id: string;
  /** Of its user: only admins end the sessions of users with roles. */
  user_roles: string[];
}

export interface SessionStepDto {
  /** Of this step. */
  sessions: number;
  /** For `after` of the next step; null when this was the last. */
  next: string | null;
}

export interface SessionUseDto {
  session_id: string;
  device: string | null;
  /** `refreshed`: its refresh token was rotated then. `last_used`: its last refresh or request was in the quarter of an hour that began then. */
  kind: 'refreshed' | 'last_used';
}

export interface SettingDto {
  name: string;
  /** Not of what may be secret, and what is not set. */
  value?: string | number | boolean | unknown[] | Record<string, unknown>;
  is_set: boolean;
  source: 'environment' | 'file' | 'option' | 'default';
}

export interface SpendDto {
  day: string;
  country: string;
  provider: string;
  messages: number;
  /** Sent ones. */
  sent: number;
  /** Those whose code was used. */
  used: number;
  /** In the currency of the prices. */
  spent: number;
}

export interface TestedDto {
  status: number | null;
  /** Null when the answer was 2xx. */
  failure:
    | 'dns'
    | 'address'
    | 'plain_http'
    | 'connection'
    | 'tls'
    | 'timeout'
    | 'redirect'
    | 'gone'
    | 'status'
    | 'expired'
    | null;
  milliseconds: number;
}

export interface TimelineDto {
  moments: MomentDto[];
  /** Whether there are more: ask again with the last id as `after`. */
  has_more: boolean;
}

export interface UserDetailsDto {
  id: string;
  /** Stands for the number in other calls; null, like what follows of it, once somebody else has it. */
  number_ref: string | null;
  /** Masked. */
  mobile: string | null;
  country: string | null;
  name: string;
  username: string | null;
  status: 'active' | 'disabled';
  roles: string[];
  created_at: string;
  last_login: string;
  /** When a code last proved the number. */
  verified_at: string | null;
  profile: ProfileDto;
  /** Live ones, and the last that ended. */
  sessions: UserSessionDto[];
  devices: UserDeviceDto[];
  /** Null while the store that counts is away. */
  limits: LimitDto[] | null;
  /** The last messages to the number. */
  deliveries: DeliveryDto[];
}

export interface UserDeviceDto {
  id: string;
  device: string | null;
  /** Null for viewers. */
  network: string | null;
  created_at: string;
  last_used_at: string;
}

export interface UserSessionDto {
  id: string;
  device: string | null;
  /** Made coarse; null for viewers. */
  network: string | null;
  /** What was proved in it. */
  amr: string[];
  auth_time: string;
  created_at: string;
  /** To the quarter hour. */
  last_used_at: string;
  expires_at: string;
  ended_at: string | null;
  end_reason: string | null;
}

export interface VerdictDto {
  check:
    | 'number'
    | 'user'
    | 'block'
    | 'limits'
    | 'captcha'
    | 'pause'
    | 'budget'
    | 'provider'
    | 'delivery'
    | 'code'
    | 'password'
    | 'session'
    | 'request';
  verdict: 'ok' | 'warns' | 'blocks';
  /** What the person is answered. */
  error_code:
    | 'VALIDATION_FAILED'
    | 'NUMBER_UNREACHABLE'
    | 'COUNTRY_NOT_SERVED'
    | 'INVALID_CODE'
    | 'INVALID_CREDENTIALS'
    | 'INVALID_CLIENT'
    | 'UNAUTHORIZED'
    | 'REFRESH_TOKEN_NOT_ALLOWED'
    | 'WRONG_REFRESH_TOKEN'
    | 'USER_DISABLED'
    | 'LOGIN_REFUSED'
    | 'RECENT_LOGIN_REQUIRED'
    | 'RECENT_CODE_REQUIRED'
    | 'STEP_UP_REQUIRED'
    | 'FORBIDDEN'
    | 'NOT_FOUND'
    | 'MOBILE_TAKEN'
    | 'MOBILE_CHANGE_ACTIVE'
    | 'NUMBER_MOVED'
    | 'NUMBER_PERHAPS_REASSIGNED'
    | 'NUMBER_CLAIM_WAITS'
    | 'NUMBER_CLAIM_REFUSED'
    | 'USERNAME_TAKEN'
    | 'LAST_ADMIN'
    | 'PAYLOAD_TOO_LARGE'
    | 'UNSUPPORTED_MEDIA_TYPE'
    | 'CAPTCHA_REQUIRED'
    | 'TOO_MANY_REQUESTS'
    | 'REQUEST_REFUSED'
    | 'INTERNAL'
    | 'UNAVAILABLE'
    | 'SMS_BUDGET_SPENT'
    | 'SMS_PAUSED'
    | null;
  since: string | null;
  until: string | null;
  /** What speaks for it. */
  evidence: Record<string, unknown>;
  /** What an operator can do. */
  action: string | null;
}

export interface WebhookAttemptDto {
  id: string;
  /** The `webhook-id`. */
  event: string;
  type:
    | 'user.created'
    | 'user.updated'
    | 'user.disabled'
    | 'user.enabled'
    | 'user.deletion_requested'
    | 'user.deletion_cancelled'
    | 'user.deleted'
    | 'user.mobile_changed'
    | 'mobile_change.requested'
    | 'mobile_change.cancelled'
    | 'mobile_change.confirmed'
    | 'user.number_claimed'
    | 'user.detached'
    | 'user.reassigned'
    | 'session.started'
    | 'session.ended'
    | 'login.failed'
    | 'credential.changed'
    | 'device.added'
    | 'sms.paused'
    | 'sms.resumed'
    | 'sms.budget'
    | 'webhook.created'
    | 'webhook.disabled';
  attempt: number;
  /** Whether an operator asked for it. */
  is_replay: boolean;
  /** Null once it was made. */
  due_at: string | null;
  made_at: string | null;
  /** Of the answer, whose body is not kept. */
  status: number | null;
  /** Null when the answer was 2xx. */
  failure:
    | 'dns'
    | 'address'
    | 'plain_http'
    | 'connection'
    | 'tls'
    | 'timeout'
    | 'redirect'
    | 'gone'
    | 'status'
    | 'expired'
    | null;
  milliseconds: number | null;
}

export interface WebhookAttemptsDto {
  attempts: WebhookAttemptDto[];
  /** Whether there are older ones: `after` is the id of the last one here. */
  has_more: boolean;
}

export interface WebhookDto {
  id: string;
  url: string;
  events: (
    | '*'
    | 'user.created'
    | 'user.updated'
    | 'user.disabled'
    | 'user.enabled'
    | 'user.deletion_requested'
    | 'user.deletion_cancelled'
    | 'user.deleted'
    | 'user.mobile_changed'
    | 'mobile_change.requested'
    | 'mobile_change.cancelled'
    | 'mobile_change.confirmed'
    | 'user.number_claimed'
    | 'user.detached'
    | 'user.reassigned'
    | 'session.started'
    | 'session.ended'
    | 'login.failed'
    | 'credential.changed'
    | 'device.added'
    | 'sms.paused'
    | 'sms.resumed'
    | 'sms.budget'
    | 'webhook.created'
    | 'webhook.disabled'
  )[];
  /** Whether it gets full numbers; only the command line can say so. */
  pii: boolean;
  status: 'enabled' | 'disabled';
  /** `gone`: it answered 410. `failing`: it failed for five days. */
  disabled_reason: 'gone' | 'failing' | null;
  disabled_at: string | null;
  /** Since when every attempt fails. */
  failing_since: string | null;
  created_at: string;
}
