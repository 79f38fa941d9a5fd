type Way = (text: string) => string;

const asIs: Way = (text) => text;
const inJson =
  (name: string): Way =>
  (text) =>
    JSON.stringify({ [name]: text });
/** Behind a host, as the only part of an address that may be anything. */
const asQuery: Way = (text) => `https://hooks.example.com/?${text}`;
const withoutSpaces: Way = (text) => text.replaceAll(/[\s,]/g, '/');

/** Columns that users, callers without an account, providers, receivers, hosts and operators fill, and that screens show. */
export const SHOWN: Readonly<Record<string, Way>> = {
  'users.name': asIs,
  'users.username': asIs,
  'users.roles': withoutSpaces,
  'user_profiles.birthday': asIs,
  'user_profiles.avatar_url': asIs,
  'user_profiles.introduction': asIs,
  'user_profiles.locale': asIs,
  'user_profiles.time_zone': asIs,
  'sessions.device': asIs,
  'sessions.network': asIs,
  'user_devices.device': asIs,
  'user_devices.network': asIs,
  'sms_deliveries.mobile': asIs,
  'sms_deliveries.failure_code': asIs,
  'sms_deliveries.provider_message_id': asIs,
  'sms_deliveries.receipt_code': asIs,
  'audit_events.actor_id': asIs,
  'audit_events.reason': asIs,
  'audit_events.detail': inJson('note'),
  'audit_events.personal': inJson('network'),
  'nodes.name': asIs,
  'leases.name': asIs,
  'webhook_endpoints.url': asQuery,
};

/** Those of them that no screen shows, or only the beginning of. */
export const UNSHOWN: Readonly<Record<string, Way>> = {
  'users.external_id': asIs,
  'users.terms_version': asIs,
  'sms_deliveries.network': asIs,
  'sms_deliveries.host': asIs,
  'audit_events.request_id': asIs,
  'outbox.data': inJson('note'),
};

/** What nobody else chooses, and why not. */
export const FIXED: Readonly<Record<string, readonly string[]>> = {
  'of a closed list': [
    'action_hours.action',
    'audit_events.action',
    'audit_events.actor_kind',
    'message_hours.provider',
    'mobile_changes.proof',
    'mobile_changes.state',
    'nodes.redis',
    'outbox.type',
    'security_notices.kind',
    'sessions.amr',
    'sessions.device_type',
    'sessions.end_reason',
    'sms_deliveries.audience',
    'sms_deliveries.outcome',
    'sms_deliveries.provider',
    'sms_deliveries.receipt',
    'sms_deliveries.taken_from',
    'user_profiles.gender',
    'users.status',
    'webhook_attempts.failure',
    'webhook_attempts.type',
    'webhook_endpoints.disabled_reason',
    'webhook_endpoints.events',
  ],
  'read as a number, a country, a network or a day': [
    'audit_seals.day',
    'blocks.target',
    'challenges.mobile',
    'message_hours.country',
    'mobile_changes.from_mobile',
    'mobile_changes.to_mobile',
    'sms_conversions.scope',
    'sms_deliveries.country',
    'sms_flows.scope',
    'sms_pauses.prefix',
    'sms_spend.day',
    'sms_spend.scope',
    'users.mobile',
  ],
  'made by the server': [
    'audit_events.digest',
    'audit_events.number_ref',
    'audit_events.salt',
    'audit_seals.digest',
    'audit_seals.key_id',
    'audit_seals.mac',
    'audit_seals.previous',
    'challenges.earlier_id',
    'challenges.earlier_tag',
    'challenges.id',
    'challenges.tag',
    'known_configuration.settings',
    'leases.holder',
    'mobile_changes.challenge_id',
    'mobile_changes.password_hash',
    'nodes.id',
    'nodes.version',
    'security_notices.number_ref',
    'sessions.challenge_id',
    'sessions.login_key',
    'sessions.refresh_key',
    'sessions.rotated_from',
    'sms_deliveries.challenge_id',
    'sms_deliveries.number_ref',
    'user_devices.secret_hash',
    'users.password_hash',
  ],
  'a copy of another column': ['mobile_changes.username'],
};

const WAYS = { ...SHOWN, ...UNSHOWN };

/** As it stands in a column, from which it can be told. */
export const textIn = (column: string, text: string): string => `${text} ${column}`;

export const valueIn = (column: string, text: string) => WAYS[column]!(textIn(column, text));

/** Those of a table that can hold a text, without its name. */
export const columnsOf = (table: string) =>
  Object.keys(WAYS).flatMap((column) => {
    const [of, name] = column.split('.') as [string, string];
    return of === table ? [name] : [];
  });
