import { createHmac } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Clock } from '../../common/clock';
import { isSame } from '../../common/is-same';
import { KeyRing } from '../../config/key-ring';

const LIFE_SECONDS = 5 * 60;
const FORM = /^(\d{1,19})\.(\d{10,11})\.([\w-]{43})$/;

/** Something that was proved, and how it stands. */
interface Claimed {
  readonly id: string;
  readonly state: string;
}

/** Who has just proved a number that is another's, or was, holds one. It works once: what it does changes the state that it names. */
@Injectable()
export class ClaimTicketsService {
  /** Of the secret, then of the one before. */
  private readonly keys: Buffer[];

  constructor(
    ring: KeyRing,
    private readonly clock: Clock,
  ) {
    this.keys = ring.generations.map((generation) => generation.derive('number claim'));
  }

  /** @param provedAt from when it lives: issued again it is the same one. */
  issue(claimed: Claimed, provedAt: Date): string {
    const expiresAt = Math.ceil(+provedAt / 1000) + LIFE_SECONDS;
    return `${claimed.id}.${expiresAt}.${macOf(claimed, expiresAt, this.keys[0]!)}`;
  }

  /** Of what it may be: {@link isFor} decides. */
  idIn(ticket: string): string | undefined {
    return FORM.exec(ticket)?.[1];
  }

  isFor(ticket: string, claimed: Claimed): boolean {
    const [, id, expiresAt, mac] = FORM.exec(ticket) ?? [];
    if (id !== claimed.id || Number(expiresAt) * 1000 <= this.clock.now()) return false;
    return this.keys.some((key) => isSame(mac!, macOf(claimed, Number(expiresAt), key)));
  }
}

const macOf = ({ id, state }: Claimed, expiresAt: number, key: Buffer) =>
  createHmac('sha256', key).update(`${id} ${state} ${expiresAt}`).digest('base64url');
