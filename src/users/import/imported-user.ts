import { IsIn, IsOptional, Matches, validateSync, ValidateBy } from 'class-validator';
import { ApiException } from '../../common/errors';
import type { Countries } from '../../common/number-reading';
import { type E164, maskMobile, parseMobile, SPELLING_LENGTH } from '../../common/phone-number';
import { IsPlainText } from '../../common/text.decorator';
import { CompiledRules } from '../../contract/compiled-rules';
import type { Value } from '../../storage/sql';
import { problemOfHash } from '../password-hashes';
import { UpdateMeDto } from '../update-me.dto';
import { USERNAME, USERNAME_RULE } from '../username';
import type { UserStatus } from '../user.entity';

/** ISO 8601, also as databases write it. */
const MOMENT = /^\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d+)?)?( ?(Z|[+-]\d\d(:?\d\d)?))?)?$/;
/** By which the clock of the other system may be ahead. */
const CLOCK_SKEW_MS = 300_000;

/** A moment that has passed: epoch milliseconds or text. */
function IsPast(): PropertyDecorator {
  return (target, key) =>
    ValidateBy({
      name: 'isPast',
      validator: {
        validate: (value: unknown) => momentOf(value) <= Date.now() + CLOCK_SKEW_MS,
        defaultMessage: () =>
          `${String(key)} must be a time that has passed, like 2026-01-31T12:00:00Z`,
      },
    })(target, String(key));
}

function IsMoment(): PropertyDecorator {
  return (target, key) =>
    ValidateBy({
      name: 'isMoment',
      validator: {
        validate: (value: unknown) => !Number.isNaN(momentOf(value)),
        defaultMessage: () => `${String(key)} must be a time like 2026-01-31T12:00:00Z`,
      },
    })(target, String(key));
}

/** Of algorithms that a login can check. */
function IsPasswordHash(): PropertyDecorator {
  return (target, key) =>
    ValidateBy({
      name: 'isPasswordHash',
      validator: {
        validate: (value: unknown) => typeof value === 'string' && !problemOfHash(value),
        defaultMessage: (refused) => `${String(key)} ${problemOfHash(String(refused!.value))}`,
      },
    })(target, String(key));
}

/** A user as another system knew them, but for the mobile number. */
class ImportedUserDto extends UpdateMeDto {
  @IsOptional()
  @Matches(USERNAME, { message: USERNAME_RULE })
  username?: string | null;

  @IsOptional()
  @IsPlainText(128)
  external_id?: string | null;

  @IsOptional()
  @IsPasswordHash()
  password_hash?: string | null;

  @IsOptional()
  @IsIn(['active', 'disabled'])
  status?: UserStatus;

  @IsOptional()
  @IsPast()
  verified_at?: string | number | null;

  @IsOptional()
  @IsPast()
  last_login?: string | number | null;

  @IsOptional()
  @IsPast()
  created_at?: string | number | null;

  /** Whoever wants to be erased is to be erased wherever they are moved. */
  @IsOptional()
  @IsMoment()
  deletion_at?: string | number | null;

  @IsOptional()
  @IsPlainText(64)
  terms_version?: string | null;

  @IsOptional()
  @IsPast()
  terms_accepted_at?: string | number | null;
}

const RULES = CompiledRules.of(ImportedUserDto)!;

export const PROFILE_FIELDS = [
  'gender',
  'birthday',
  'avatar_url',
  'introduction',
  'locale',
  'time_zone',
] as const;
const USER_FIELDS = [
  'mobile',
  'name',
  'username',
  'external_id',
  'password_hash',
  'status',
  'verified_at',
  'last_login',
  'terms_version',
  'terms_accepted_at',
  'deletion_at',
  'created_at',
  // Of an export; an import is a change.
  'updated_at',
] as const;

export const IMPORTED_FIELDS = [...USER_FIELDS, ...PROFILE_FIELDS] as const;
const KNOWN: ReadonlySet<string> = new Set(IMPORTED_FIELDS);

export type ImportedFields = { readonly [Field in (typeof IMPORTED_FIELDS)[number]]?: unknown };

type Row = Record<string, Value>;

/** A user who may be inserted under an id, by column. */
export interface ImportedUser {
  readonly mobile: E164;
  readonly externalId: string | null;
  readonly username: string | null;
  rowOf(id: string, now: number): Row;
  profileOf(id: string): Row;
}

/** @returns what is wrong with a user who cannot be imported, without anything personal in it. */
export function readUser(fields: ImportedFields, countries: Countries): ImportedUser | string {
  const unknown = Object.keys(fields).filter((name) => !KNOWN.has(name));
  // A name may be anything, also a number.
  if (unknown.length > 0)
    return `has ${unknown.length} unknown fields: known are ${IMPORTED_FIELDS.join(', ')}`;
  const mobile = mobileOf(fields.mobile, countries);
  if ('problem' in mobile) return mobile.problem;
  const { mobile: _, updated_at: __, ...others } = fields;
  const user = RULES.accept(others) ?? judged(others);
  return typeof user === 'string' ? user : importedUser(mobile.mobile, user);
}

/** What breaks a rule is told by class-validator. */
function judged(fields: ImportedFields): ImportedUserDto | string {
  const user = Object.assign(new ImportedUserDto(), fields);
  const [error] = validateSync(user, { stopAtFirstError: true });
  return error ? Object.values(error.constraints!)[0]! : user;
}

function mobileOf(text: unknown, countries: Countries): { mobile: E164 } | { problem: string } {
  if (typeof text !== 'string' || text === '') return { problem: 'mobile is missing' };
  if (text.length > SPELLING_LENGTH) return { problem: 'mobile must be a valid mobile number' };
  try {
    return { mobile: parseMobile(text, countries) };
  } catch (error) {
    if (!(error instanceof ApiException)) throw error;
    const { message } = Object(error.getResponse()) as { message: string | string[] };
    return { problem: String(message) };
  }
}

function importedUser(mobile: E164, user: ImportedUserDto): ImportedUser {
  const [externalId, username] = [user.external_id ?? null, user.username?.toLowerCase() ?? null];
  const [createdAt, lastLogin] = [user.created_at, user.last_login].map(momentOrNull);
  const rowOf = (id: string, now: number) => ({
    id,
    mobile,
    name: user.name ?? maskMobile(mobile),
    username,
    external_id: externalId,
    password_hash: user.password_hash ?? null,
    status: user.status ?? 'active',
    last_login: lastLogin ?? createdAt ?? now,
    verified_at: momentOrNull(user.verified_at),
    terms_version: user.terms_version ?? null,
    terms_accepted_at: momentOrNull(user.terms_accepted_at),
    deletion_at: momentOrNull(user.deletion_at),
    created_at: createdAt ?? now,
    updated_at: now,
  });
  const profile = Object.fromEntries(PROFILE_FIELDS.map((field) => [field, user[field] ?? null]));
  return { mobile, externalId, username, rowOf, profileOf: (id) => ({ id, ...profile }) };
}

const momentOrNull = (value: unknown) => (value == null ? null : momentOf(value));

/** @returns NaN for what is no moment. */
function momentOf(value: unknown): number {
  if (typeof value === 'number')
    return Number.isSafeInteger(value) && value >= 0 ? value : Number.NaN;
  if (typeof value !== 'string') return Number.NaN;
  if (/^\d{12,14}$/.test(value)) return Number(value);
  return MOMENT.test(value) ? Date.parse(value) : Number.NaN;
}
