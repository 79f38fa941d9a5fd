/** Written from openapi.json by `npm run openapi`. */

export interface AcceptTermsDto {
  /** The `terms_version` of `GET /auth/config`, which the user was shown. */
  terms_version: string;
}

export interface AltchaChallengeDto {
  algorithm: 'SHA-256';
  /** The SHA-256, in hex, of the salt followed by the number to find. */
  challenge: string;
  /** The number is not above this one. */
  maxnumber: number;
  /** Says also until when the answer is good. */
  salt: string;
  signature: string;
}

export interface CaptchaRequestDto {
  /** Any spelling of the mobile number that a code is wanted for. */
  mobile: string;
}

export interface ClientCaptchaDto {
  /** `altcha` has its challenges at `POST /auth/captcha`. */
  kind: 'altcha' | 'turnstile' | 'hcaptcha';
  /** For the widget of Turnstile and hCaptcha, where the server knows it. */
  site_key: string | null;
}

export interface CodeLoginDto {
  /** The answer that the captcha's widget gave, asked for with `CAPTCHA_REQUIRED`. */
  captcha?: string;
  /** Digits of any script, also with spaces between them. */
  code: string;
  /** The `challenge` that the request for the code was answered with. */
  challenge?: string;
  /** The `terms_version` of `GET /auth/config`, when the user was shown those terms and agrees to them by logging in. */
  terms_version?: string;
  /** Any spelling of the mobile number that the code was sent to. */
  mobile: string;
  /** The `device_token` of an earlier login to this number: this device stays the same one, and strangers do not use up its limits. */
  device_token?: string;
  /** `cookie` puts the refresh token into a cookie that no script can read, in place of the answer. For pages of the server and of `CORS_ORIGINS`, with `REFRESH_COOKIE=on`. */
  session?: 'cookie';
}

export interface CodeProofDto {
  /** The answer that the captcha's widget gave, asked for with `CAPTCHA_REQUIRED`. */
  captcha?: string;
  /** Digits of any script, also with spaces between them. */
  code: string;
  /** The `challenge` that the request for the code was answered with. */
  challenge?: string;
}

export interface CodeRequestDto {
  /** The answer that the captcha's widget gave, asked for with `CAPTCHA_REQUIRED`. */
  captcha?: string;
  /** The language of the message, a BCP 47 tag. A hint: what is none, or names a language that there is no message in, is passed over. */
  locale?: string;
  /** The build of an Android app that waits for the message, one of `ANDROID_APP_HASH`. A hint: for another name the message is for the first. */
  app?: string;
  /** Any spelling of a mobile number. */
  mobile: string;
  /** The `device_token` of an earlier login to this number: strangers do not use up the limits of this device. */
  device_token?: string;
}

export interface CodeSentDto {
  /** Seconds until the code stops working. */
  expires_in: number;
  /** Seconds until the caller may send to this number again. */
  resend_in: number;
  /** Stands for this request: sent along with the code, what others guess at the number does not count for it. */
  challenge: string;
}

export interface CodeTokenPairDto {
  /** The access token, for `Authorization: Bearer …`. */
  token: string;
  token_type: 'Bearer';
  /** Seconds until the access token expires. */
  expires_in: number;
  /** Opens nothing; `PUT /auth/tokens` exchanges it for the next access token. Missing after a login with `"session": "cookie"`, whose cookie has it. */
  refresh_token?: string;
  /** With the cookie: the session that it is of, to be sent as `Tandem-Session`. */
  session_id?: string;
  /** Seconds until the refresh token expires. */
  refresh_expires_in: number;
  /** Whether this login has created the user. */
  is_new_user: boolean;
  /** Of this device. Opens nothing; sent with the next requests by code, it keeps strangers from using up their limits. */
  device_token: string;
}

export interface ConfigDto {
  /** Whose numbers are served. */
  countries: ServedCountryDto[];
  /** Where numbers without a country code are looked for first; null when they need one. */
  default_country: string | null;
  /** What to offer first to people of a language, where that is served. */
  country_by_locale: Record<string, unknown>;
  /** Digits of a code. */
  code_length: number;
  /** What `CAPTCHA_REQUIRED` asks for; null when nothing does. */
  captcha: ClientCaptchaDto;
  /** Whether a refresh answers the next refresh token, too. */
  refresh_rotation: boolean;
  /** Whether a login may ask for a cookie, by `"session": "cookie"`. */
  refresh_cookie: boolean;
  /** Whether users may log in with a username and a password. */
  password_login: boolean;
  /** `closed`: the first login of a number makes no user. */
  signup: 'open' | 'closed';
  /** Of the terms that users are to agree to; null when there are none. */
  terms_version: string | null;
  /** Where people read them, for the forms of a login; null where the application shows them. */
  terms_url: string | null;
  /** The languages of messages, BCP 47. */
  locales: string[];
}

export interface DeletionCodeDto {
  /** The answer that the captcha's widget gave, asked for with `CAPTCHA_REQUIRED`. */
  captcha?: string;
  /** The language of the message, a BCP 47 tag. A hint: what is none, or names a language that there is no message in, is passed over. */
  locale?: string;
  /** The build of an Android app that waits for the message, one of `ANDROID_APP_HASH`. A hint: for another name the message is for the first. */
  app?: string;
  /** The `device_token` of this device, which strangers use up no limits of. */
  device_token?: string;
}

export interface DeletionDto {
  /** When everything personal is erased. Until then a login works, and `DELETE /users/me/deletion` cancels it. */
  delete_at: string;
}

export interface DeletionProofDto {
  /** The answer that the captcha's widget gave, asked for with `CAPTCHA_REQUIRED`. */
  captcha?: string;
  /** Digits of any script, also with spaces between them. */
  code: string;
  /** The `challenge` that the request for the code was answered with. */
  challenge?: string;
  /** The `device_token` of this device, which strangers use up no limits of. */
  device_token?: string;
}

export interface DeviceDto {
  id: string;
  /** Whether the session of this request was opened on it. */
  current: boolean;
  device: string | null;
  /** Where its last login came from, made coarse. */
  network: string;
  created_at: string;
  /** When a login last showed its `device_token`, to the quarter hour. */
  last_used_at: string;
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

/** With a 429: what there was too much of. */
export type LimitKind =
  'number' | 'address' | 'network' | 'country' | 'total' | 'username' | 'account' | 'captcha';

export interface LoginDto {
  /** The access token, for `Authorization: Bearer …`. */
  token: string;
  token_type: 'Bearer';
  /** Seconds until the access token expires. */
  expires_in: number;
  /** Opens nothing; `PUT /auth/tokens` exchanges it for the next access token. Missing after a login with `"session": "cookie"`, whose cookie has it. */
  refresh_token?: string;
  /** With the cookie: the session that it is of, to be sent as `Tandem-Session`. */
  session_id?: string;
  /** Seconds until the refresh token expires. */
  refresh_expires_in: number;
  /** Whether this login has created the user. */
  is_new_user: boolean;
}

export interface MeDto {
  id: string;
  /** In E.164; null once somebody else has it, until the user proves another. */
  mobile: string | null;
  /** A masked form of the mobile number until the user changes it. */
  name: string;
  username: string | null;
  /** What the system that the user was imported from calls them. */
  external_id: string | null;
  /** What the user may beyond their own account. */
  roles: string[];
  /** The terms that the user has agreed to last. */
  terms_version: string | null;
  terms_accepted_at: string | null;
  /** When the user is erased, if they asked for it and do not cancel it: `DELETE /users/me`. */
  deletion_at: string | null;
  /** What was done in the account that the user should know of, the newest first, at most 20, until `DELETE /users/me/security-notices/{id}`. */
  security_notices: SecurityNoticeDto[];
  last_login: string;
  created_at: string;
  updated_at: string;
  profile: ProfileDto;
}

export interface MessageRequestDto {
  /** The answer that the captcha's widget gave, asked for with `CAPTCHA_REQUIRED`. */
  captcha?: string;
  /** The language of the message, a BCP 47 tag. A hint: what is none, or names a language that there is no message in, is passed over. */
  locale?: string;
  /** The build of an Android app that waits for the message, one of `ANDROID_APP_HASH`. A hint: for another name the message is for the first. */
  app?: string;
  /** Any spelling of a mobile number. */
  mobile: string;
}

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

export interface MobileChangeSentDto {
  /** Seconds until the code stops working. */
  expires_in: number;
  /** Seconds until the caller may send to this number again. */
  resend_in: number;
  /** Stands for this request: sent along with the code, what others guess at the number does not count for it. */
  challenge: string;
  id: string;
  /** Seconds from the proof until the number changes: none where this session has proved a code to the present number in the last ten minutes. */
  delay: number;
}

export interface PasswordLoginDto {
  /** In place of `mobile`. Upper and lower case are the same. */
  username?: string;
  /** In place of `username`: any spelling of the mobile number. */
  mobile?: string;
  password: string;
  /** The `device_token` of a login of this user by code: strangers do not use up the limits of this device. */
  device_token?: string;
  /** `cookie` puts the refresh token into a cookie that no script can read, in place of the answer. For pages of the server and of `CORS_ORIGINS`, with `REFRESH_COOKIE=on`. */
  session?: 'cookie';
}

export interface PasswordProofDto {
  /** The password of the user. */
  password: string;
}

export interface ProfileDto {
  gender: 'female' | 'male' | 'other' | null;
  birthday: string | null;
  avatar_url: string | null;
  introduction: string | null;
  locale: string | null;
  time_zone: string | null;
}

export interface ReassignedDto {
  /** That of a `NUMBER_PERHAPS_REASSIGNED`, or of a `NUMBER_MOVED`. */
  ticket: string;
  /** Whether the account is that of who has proved the number. If not, it is left to who knows its password, and a new one is opened. */
  mine: boolean;
  /** With `mine`: that of the account, which then goes on as it is. Without it the account is emptied, where there is a password after a week in which its user may object, or not given at all. */
  password?: string;
  /** The `terms_version` of `GET /auth/config`, when the user was shown those terms and agrees to them by logging in. */
  terms_version?: string;
  /** `cookie` puts the refresh token into a cookie that no script can read, in place of the answer. For pages of the server and of `CORS_ORIGINS`, with `REFRESH_COOKIE=on`. */
  session?: 'cookie';
}

export interface RefreshedDto {
  /** The access token, for `Authorization: Bearer …`. */
  token: string;
  token_type: 'Bearer';
  /** Seconds until the access token expires. */
  expires_in: number;
  /** With the cookie: the session that it is of, to be sent as `Tandem-Session`. */
  session_id?: string;
  /** Opens nothing; `PUT /auth/tokens` exchanges it for the next access token. */
  refresh_token?: string;
  /** Seconds until the refresh token expires. */
  refresh_expires_in?: number;
}

export interface SecurityNoticeDto {
  id: string;
  kind:
    | 'password_set'
    | 'password_changed'
    | 'password_removed'
    | 'device_added'
    | 'mobile_change_requested'
    | 'mobile_changed'
    | 'mobile_change_undone'
    | 'number_claimed'
    | 'number_reassigned'
    | 'deletion_requested';
  at: string;
  /** In which it was done: `GET /auth/sessions`. Null where no session of the user did it. */
  session_id: string | null;
  device: string | null;
  network: string | null;
}

export interface ServedCountryDto {
  /** ISO 3166. */
  code: string;
  /** What numbers of it begin with, after the plus. */
  calling_code: string;
}

export interface SessionDto {
  id: string;
  /** Whether this request belongs to it. */
  current: boolean;
  device: string | null;
  /** Where the login came from, made coarse. */
  network: string;
  created_at: string;
  /** To the quarter hour. */
  last_used_at: string;
  /** When it has ended by itself: at the end of its refresh token, or before that, to the quarter hour, when it is not used until then. */
  expires_at: string;
  ended_at: string | null;
  end_reason:
    | 'logout'
    | 'revoked'
    | 'replaced'
    | 'disabled'
    | 'reuse'
    | 'expired'
    | 'password_changed'
    | 'deleted'
    | 'roles_changed'
    | 'mobile_changed'
    | 'reassigned'
    | null;
}

export interface SetPasswordDto {
  /** 3 to 32 letters, digits, dots, hyphens and underscores. Without it the user keeps the one that they have; the number and the password are enough to log in. */
  username?: string;
  /** 8 to 128 characters of any kind, but none of the most used passwords, and without the username, the mobile number and the name of the service. */
  password: string;
  /** The password until now, in place of a login of the last ten minutes. Users with roles need both. */
  current_password?: string;
}

export interface StepUpDto {
  /** The answer that the captcha's widget gave, asked for with `CAPTCHA_REQUIRED`. */
  captcha?: string;
  /** The password of the user. */
  password?: string;
  /** A code that `POST /auth/codes` sent to the number of the user. */
  code?: string;
  /** With a code: the `challenge` that the request for it was answered with. */
  challenge?: string;
  /** With a code: the `device_token` of this device, whose wrong codes count apart. */
  device_token?: string;
}

export interface SteppedUpDto {
  /** What this session has proved: a code, a password (RFC 8176). */
  amr: ('pwd' | 'sms')[];
  /** When it last proved something. */
  auth_time: string;
}

export interface TurnstileBindingDto {
  action: 'code';
  cdata: string;
}

export interface UndoDto {
  /** That of a `NUMBER_MOVED`. */
  ticket?: string;
  /** Of a device of the user: it cancels a change that waits. */
  device_token?: string;
  /** Without these: any spelling of the number before. */
  mobile?: string;
  /** Without these: the password as it was before the change. */
  password?: string;
}

export interface UndoneDto {
  /** `undone`: the account has the number before, whoever else proves the other within a week may contest it. `reverted`: the same, and the other is free. `recovery`: both were proved, nobody logs in until an operator has decided. `cancelled`: the number does not move. */
  state: 'undone' | 'reverted' | 'recovery' | 'cancelled';
}

export interface UpdateMeDto {
  name?: string;
  gender?: 'female' | 'male' | 'other' | null;
  birthday?: string | null;
  avatar_url?: string | null;
  introduction?: string | null;
  /** A BCP 47 language tag. */
  locale?: string | null;
  /** A name of the IANA time zone database. */
  time_zone?: string | null;
}

export interface UserExportDto {
  exported_at: string;
  /** Number, name, username, roles, agreed terms, and when. */
  user: Record<string, unknown>;
  profile: Record<string, unknown>;
  /** With device and network, those that have ended as long as they are on record. */
  sessions: Record<string, unknown>[];
  devices: Record<string, unknown>[];
  /** Changes of number. */
  mobile_changes: Record<string, unknown>[];
  /** What the user was told of, for their safety. */
  notices: Record<string, unknown>[];
  /** Messages to the number, without their text. */
  messages: Record<string, unknown>[];
  /** What was done in the account, and what was refused. */
  history: Record<string, unknown>[];
}
