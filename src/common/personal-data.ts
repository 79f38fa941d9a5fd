/** What becomes of a column. */
export interface PersonalColumn {
  /** Whether its user gets it in their export; `own`: only from rows that are the user's own doing. */
  readonly told: boolean | 'own';
  /** Whether it goes with its user where the row stays. */
  readonly erased: boolean;
}

/** Of whom a row is: what its column holds of a user. */
export type PersonalKey = 'user' | 'change' | 'number' | 'number ref' | 'challenge';

export interface PersonalTable {
  /** What the export calls it; null for one that it leaves out. */
  readonly told: string | null;
  /** By which columns the rows of a user are found; any of them will do. */
  readonly foundBy: Partial<Record<PersonalKey, string>>;
  /** When a row was made, where it may tell of whoever had the number, or the account, before. */
  readonly madeAt?: string;
  /** Whether rows go, or what is personal in them. */
  readonly erased: 'rows' | 'columns';
  /** The condition on rows that are the user's own doing; others may tell of somebody else. */
  readonly own?: string;
  readonly columns: Readonly<Record<string, PersonalColumn>>;
}

const personal: PersonalColumn = { told: true, erased: true };
/** Credentials, digests, and what only serves to find something. */
const hidden: PersonalColumn = { told: false, erased: true };
/** Tells of nobody once the rest is gone. */
const plain: PersonalColumn = { told: true, erased: false };
const internal: PersonalColumn = { told: false, erased: false };
const ownPersonal: PersonalColumn = { told: 'own', erased: true };
const ownPlain: PersonalColumn = { told: 'own', erased: false };

/**
 * Every column of the tables that hold something of users. Erasure and export are made from it, so that neither forgets one;
 * a test compares it with the entities.
 */
export const PERSONAL_DATA: Readonly<Record<string, PersonalTable>> = {
  users: {
    told: 'user',
    // Beside the user themselves, a number that is kept for them.
    foundBy: { user: 'id', change: 'id' },
    erased: 'rows',
    columns: {
      id: personal,
      mobile: personal,
      name: personal,
      username: personal,
      username_set_at: personal,
      external_id: personal,
      password_hash: hidden,
      password_set_at: personal,
      status: personal,
      roles: personal,
      last_login: personal,
      verified_at: personal,
      first_verified_at: personal,
      released_at: personal,
      holder_since: personal,
      terms_version: personal,
      terms_accepted_at: personal,
      deletion_at: personal,
      created_at: personal,
      updated_at: personal,
    },
  },
  user_profiles: {
    told: 'profile',
    foundBy: { user: 'id' },
    erased: 'columns',
    columns: {
      id: internal,
      gender: personal,
      birthday: personal,
      avatar_url: personal,
      introduction: personal,
      locale: personal,
      time_zone: personal,
      deleted_at: internal,
    },
  },
  // They stay until `SESSION_RETENTION`: nodes must know that their tokens are dead, and that their challenges were used.
  sessions: {
    told: 'sessions',
    foundBy: { user: 'user_id' },
    madeAt: 'created_at',
    erased: 'columns',
    columns: {
      id: plain,
      user_id: internal,
      device_id: plain,
      challenge_id: internal,
      generation: internal,
      rotated_at: plain,
      previous_rotated_at: plain,
      refresh_key: hidden,
      rotated_from: hidden,
      login_key: hidden,
      login_repeats: internal,
      amr: plain,
      auth_time: plain,
      code_at: plain,
      device: personal,
      device_type: personal,
      network: personal,
      created_at: plain,
      last_used_at: plain,
      expires_at: plain,
      ended_at: plain,
      end_reason: plain,
    },
  },
  user_devices: {
    told: 'devices',
    foundBy: { user: 'user_id' },
    erased: 'rows',
    columns: {
      id: personal,
      user_id: internal,
      secret_hash: hidden,
      device: personal,
      network: personal,
      created_at: personal,
      last_used_at: personal,
    },
  },
  security_notices: {
    told: 'notices',
    foundBy: { user: 'user_id' },
    erased: 'rows',
    columns: {
      id: plain,
      user_id: internal,
      kind: personal,
      at: personal,
      session_id: personal,
      acknowledged_at: personal,
      message_due_at: internal,
      number_ref: hidden,
    },
  },
  mobile_changes: {
    told: 'mobile_changes',
    foundBy: { user: 'user_id' },
    madeAt: 'created_at',
    erased: 'rows',
    columns: {
      id: personal,
      user_id: internal,
      active_of: internal,
      session_id: personal,
      state: personal,
      proof: personal,
      from_mobile: personal,
      to_mobile: personal,
      username: personal,
      challenge_id: hidden,
      created_at: personal,
      proved_at: personal,
      moved_at: personal,
      due_at: personal,
      ended_at: personal,
      password_hash: hidden,
      password_set_at: personal,
    },
  },
  // Whether a code is under way is told to nobody.
  challenges: {
    told: null,
    foundBy: { number: 'mobile' },
    erased: 'rows',
    columns: {
      mobile: hidden,
      id: hidden,
      tag: hidden,
      expires_at: hidden,
      earlier_id: hidden,
      earlier_tag: hidden,
      earlier_expires_at: hidden,
    },
  },
  sms_deliveries: {
    told: 'messages',
    foundBy: { 'number ref': 'number_ref', challenge: 'challenge_id' },
    madeAt: 'created_at',
    erased: 'columns',
    // Anybody may ask for a code to a number; whoever used it was its user.
    own: 'verified_at IS NOT NULL',
    columns: {
      id: plain,
      challenge_id: hidden,
      mobile: personal,
      number_ref: hidden,
      network: ownPersonal,
      host: ownPersonal,
      country: plain,
      provider: plain,
      provider_message_id: personal,
      outcome: plain,
      failure_code: plain,
      price: internal,
      taken_from: internal,
      audience: internal,
      created_at: plain,
      verified_at: plain,
      receipt: plain,
      receipt_code: plain,
      delivered_at: plain,
    },
  },
  audit_events: {
    told: 'history',
    foundBy: { user: 'user_id', 'number ref': 'number_ref' },
    madeAt: 'at',
    erased: 'columns',
    // The rest names operators, says why in their words, and from where others came.
    own: "actor_kind = 'user'",
    columns: {
      id: plain,
      at: plain,
      action: plain,
      actor_kind: plain,
      actor_id: internal,
      user_id: internal,
      session_id: ownPlain,
      reason: internal,
      detail: ownPlain,
      personal: ownPersonal,
      number_ref: hidden,
      salt: hidden,
      digest: internal,
      request_id: ownPlain,
      seal: internal,
    },
  },
  // Ids, and nothing that `history` does not tell.
  outbox: {
    told: null,
    foundBy: { user: 'user_id' },
    erased: 'columns',
    columns: {
      id: internal,
      at: internal,
      type: internal,
      user_id: internal,
      session_id: internal,
      data: internal,
      position: internal,
    },
  },
};

/**
 * Tables that hold nothing of users. Blocks may name a number: see `BlocksService`, which seals those of users who are
 * erased. Flows hold digests of numbers, for a day.
 */
export const IMPERSONAL_TABLES: readonly string[] = [
  'action_hours',
  'audit_seals',
  'blocks',
  'known_configuration',
  'leases',
  'message_hours',
  'nodes',
  'sms_conversions',
  'sms_flows',
  'sms_pauses',
  'sms_spend',
  'webhook_attempts',
  'webhook_endpoints',
];
