import { createHmac, timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { coarseNetwork } from '../common/networks';
import { KeyRing } from '../config/key-ring';
import type { Caller } from '../contract/caller.decorator';
import type { Session } from '../sessions/session.entity';
import type { LoginTrace } from '../sessions/sessions.service';

/** Who presents a refresh token. */
export interface RefreshClient extends Pick<Caller, 'address' | 'userAgent' | 'requestId'> {
  /** A random secret that only the client of the session has. */
  readonly idempotencyKey?: string;
}

/** What a session row keeps of the client that rotated it last. */
export type RotationTrace = Readonly<Pick<Session, 'refreshKey' | 'rotatedFrom'>>;

/** What only the client of a login knows of it: its key, and the handle of its request for a code. */
export interface LoginMark {
  readonly key: string;
  readonly handle?: string;
}

/** Of base64url: 132 bits. */
const TAG_LENGTH = 22;
const LOGIN_ID_LENGTH = 32;

type Tag = (kind: 'key' | 'login' | 'network' | 'agent', value: string) => string;

/** Tells whether a retry comes from the client that rotated. Only keyed hashes are stored of it, others for each session. */
@Injectable()
export class RefreshClientsService {
  /** Of the secret, then of the one before. */
  private readonly keys: Buffer[];

  constructor(ring: KeyRing) {
    this.keys = ring.generations.map((generation) => generation.derive('refresh client'));
  }

  /** What a rotation leaves: its key, or else where it came from. */
  traceOf(sessionId: string, client: RefreshClient): RotationTrace {
    const tag = tagger(this.keys[0]!, sessionId);
    const { idempotencyKey: key } = client;
    return key
      ? { refreshKey: tag('key', key), rotatedFrom: null }
      : { refreshKey: null, rotatedFrom: originOf(client, tag).join(' ') };
  }

  /** What a login leaves: its key is from then on that of the session. */
  traceOfLogin(sessionId: string, mark: LoginMark): LoginTrace {
    const tag = tagger(this.keys[0]!, sessionId);
    return { refresh_key: tag('key', mark.key), login_key: loginTag(mark, tag) };
  }

  /** Whether the login that left this is the one that is repeated. */
  isSameLogin(loginKey: string | null, sessionId: string, mark: LoginMark): boolean {
    if (loginKey === null) return false;
    const left = Buffer.from(loginKey);
    const tags = this.keys.map((key) => Buffer.from(loginTag(mark, tagger(key, sessionId))));
    return tags.some((tag) => tag.length === left.length && timingSafeEqual(tag, left));
  }

  /** What the sessions table knows a password login by, in the place of a challenge: of parallel ones with a key one opens a session. */
  loginIdOf(userId: string, key: string): string {
    const mac = createHmac('sha256', this.keys[0]!).update(`password login ${userId} ${key}`);
    return mac.digest('hex').slice(0, LOGIN_ID_LENGTH);
  }

  /** Whether the client that left this trace is this one. */
  isSame(trace: RotationTrace, sessionId: string, client: RefreshClient): boolean {
    return this.keys.some((key) => matches(trace, client, tagger(key, sessionId)));
  }
}

function tagger(key: Buffer, sessionId: string): Tag {
  return (kind, value) => {
    const mac = createHmac('sha256', key).update(`${kind} ${sessionId} ${value}`);
    return mac.digest('base64url').slice(0, TAG_LENGTH);
  };
}

/** Keys have no space. */
const loginTag = ({ key, handle = '' }: LoginMark, tag: Tag) => tag('login', `${key} ${handle}`);

/** The network, and the user agent if the client names one: what nobody says of themselves tells nobody apart. */
function originOf({ address, userAgent }: RefreshClient, tag: Tag): string[] {
  const network = tag('network', coarseNetwork(address));
  return userAgent ? [network, tag('agent', userAgent)] : [network];
}

function matches({ refreshKey, rotatedFrom }: RotationTrace, client: RefreshClient, tag: Tag) {
  const { idempotencyKey: key } = client;
  if (rotatedFrom === null) return key !== undefined && tag('key', key) === refreshKey;
  // This one has the key of the session, and the one that rotated had none.
  if (refreshKey !== null && key !== undefined) return false;
  const left = rotatedFrom.split(' ');
  return originOf(client, tag).some((one) => left.includes(one));
}
