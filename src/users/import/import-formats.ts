import { type FirebaseCosts, firebaseHash } from '../password-hashes';
import { CsvReader } from './csv.reader';
import { IMPORTED_FIELDS, type ImportedFields } from './imported-user';
import { JsonArrayReader } from './json-array.reader';
import { JsonLinesReader } from './json-lines.reader';
import type { RecordReader } from './record-reader';

export const FORMATS = ['ndjson', 'csv', 'firebase', 'supabase', 'auth0'] as const;
export type Format = (typeof FORMATS)[number];

/** Somebody else's record. */
type Foreign = Readonly<Record<string, any>>;

/** @param beginning of the file: the tools of one service write several of these. */
export function readerFor(format: Format, beginning: string): RecordReader {
  const [first] = beginning.trimStart();
  if (format === 'csv') return new CsvReader(IMPORTED_FIELDS);
  if (first === '[') return new JsonArrayReader(1);
  if (format === 'firebase') return new JsonArrayReader(2);
  return first === '{' ? new JsonLinesReader() : new CsvReader();
}

/** What a record of a format says in our words; what nobody has said is undefined. */
export function fieldsOf(format: Format, record: Foreign, firebase: FirebaseCosts): ImportedFields {
  switch (format) {
    case 'ndjson':
    case 'csv':
      return ownFields(record);
    case 'firebase':
      return firebaseFields(record, firebase);
    case 'supabase':
      return supabaseFields(record);
    case 'auth0':
      return auth0Fields(record);
    default:
      return format satisfies never;
  }
}

/** Flat, or as `GET /users/me` and `tandem users export` tell a user. */
function ownFields({ id, profile, ...fields }: Foreign): ImportedFields {
  return { ...fields, ...profile, external_id: fields.external_id ?? id };
}

/** `firebase auth:export users.json`. */
function firebaseFields(user: Foreign, costs: FirebaseCosts): ImportedFields {
  const { passwordHash, salt, providerUserInfo = [] } = user;
  const isPhoneOnly =
    !passwordHash && listed(providerUserInfo).every(({ providerId }) => providerId === 'phone');
  const seenAt = milliseconds(user.lastSignedInAt);
  return {
    external_id: user.localId,
    mobile: user.phoneNumber,
    name: user.displayName,
    avatar_url: user.photoUrl,
    password_hash: passwordHash && firebaseHash(String(passwordHash), String(salt ?? ''), costs),
    status: user.disabled === true ? 'disabled' : 'active',
    created_at: milliseconds(user.createdAt),
    last_login: seenAt,
    // Whoever has nothing but the number shows it at every login.
    verified_at: isPhoneOnly ? seenAt : undefined,
  };
}

/** The table `auth.users`, as CSV or JSON. */
function supabaseFields(user: Foreign): ImportedFields {
  const { encrypted_password: hash, phone } = user;
  const [meta, app] = [object(user.raw_user_meta_data), object(user.raw_app_meta_data)];
  const isPhoneOnly = !hash && String(app.providers ?? app.provider) === 'phone';
  const isBanned = user.banned_until === 'infinity' || Date.parse(user.banned_until) > Date.now();
  return {
    external_id: user.id,
    // Written without the plus.
    mobile: phone && `+${String(phone).replace(/^\+/, '')}`,
    name: meta.full_name ?? meta.name,
    avatar_url: meta.avatar_url,
    password_hash: hash || undefined,
    status: isBanned || user.deleted_at ? 'disabled' : 'active',
    created_at: user.created_at,
    last_login: user.last_sign_in_at,
    verified_at: isPhoneOnly
      ? (user.last_sign_in_at ?? user.phone_confirmed_at)
      : user.phone_confirmed_at,
  };
}

/** An export job, or the file with password hashes that the support sends. */
function auth0Fields(user: Foreign): ImportedFields {
  const { phone_number: mobile, identities, _id: id } = user;
  const isPhoneOnly = listed(identities).every(({ provider }) => provider === 'sms');
  return {
    external_id: user.user_id ?? (id && `auth0|${id.$oid ?? id}`),
    mobile,
    username: user.username,
    // Auth0 takes the number or the address of a user without a name for one.
    name: /[@+]/.test(user.name ?? '@') ? user.nickname : user.name,
    avatar_url: user.picture,
    locale: user.locale,
    password_hash: user.passwordHash ?? user.password_hash,
    status: isTrue(user.blocked) ? 'disabled' : 'active',
    created_at: user.created_at,
    last_login: user.last_login,
    verified_at: isTrue(user.phone_verified) && isPhoneOnly ? user.last_login : undefined,
  };
}

const listed = (value: unknown): Foreign[] => (Array.isArray(value) ? value : []);

const isTrue = (value: unknown) => value === true || value === 'true';

/** Firebase writes them as text. */
const milliseconds = (value: unknown) => (/^\d+$/.test(String(value)) ? Number(value) : undefined);

/** A column of JSON, which is text in CSV. */
function object(value: unknown): Foreign {
  if (typeof value !== 'string') return Object(value ?? {});
  try {
    return Object(JSON.parse(value) ?? {});
  } catch {
    return {};
  }
}
