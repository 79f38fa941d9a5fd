import { createHmac, randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { CODE_LENGTH } from '../common/code';
import type { E164 } from '../common/phone-number';
import { KeyRing } from '../config/key-ring';
import type { Challenge } from './challenge.entity';

type ChallengeName = Pick<Challenge, 'id' | 'mobile'>;

interface CodeKeys {
  readonly code: Buffer;
  readonly tag: Buffer;
}

/** Codes are kept nowhere: they follow from the random id of their challenge and a key that no store holds. */
@Injectable()
export class ChallengeCodesService {
  /** Of the secret, then of the one before. */
  private readonly generations: CodeKeys[];

  constructor(keys: KeyRing) {
    this.generations = keys.generations.map((ring) => ({
      code: ring.derive('code'),
      tag: ring.derive('code tag'),
    }));
  }

  newChallenge(mobile: E164, expiresAt: Date): Challenge {
    const id = randomBytes(16).toString('hex');
    return { mobile, id, tag: codeTag({ id, mobile }, this.generations[0]!), expiresAt };
  }

  codeOf(challenge: Challenge): string {
    const [current, ...previous] = this.generations;
    const former = previous.find((keys) => codeTag(challenge, keys) === challenge.tag);
    return codeOf(challenge, former ?? current!);
  }

  /** Whether a challenge, of which only the name is left, is answered by a code. */
  isAnswered(challenge: ChallengeName, code: string): boolean {
    return this.generations.some((keys) => codeOf(challenge, keys) === code);
  }

  /** What the tag of a challenge of this number must be, by each secret, if the code is right. */
  tagsOf(mobile: E164, code: string): string[] {
    return this.generations.map((keys) => tagOf(mobile, code, keys));
  }
}

/** 64 bits of the MAC: reduced to so few digits, their bias is below 10⁻¹³. */
function codeOf({ id, mobile }: ChallengeName, keys: CodeKeys): string {
  const mac = createHmac('sha256', keys.code).update(`${id} ${mobile}`).digest();
  return (mac.readBigUInt64BE() % 10n ** BigInt(CODE_LENGTH)).toString().padStart(CODE_LENGTH, '0');
}

function tagOf(mobile: E164, code: string, keys: CodeKeys): string {
  const mac = createHmac('sha256', keys.tag).update(`${mobile} ${code}`);
  return mac.digest('hex').slice(0, 32);
}

function codeTag(challenge: ChallengeName, keys: CodeKeys): string {
  return tagOf(challenge.mobile, codeOf(challenge, keys), keys);
}
