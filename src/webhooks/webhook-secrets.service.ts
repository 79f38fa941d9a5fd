import { Injectable } from '@nestjs/common';
import { KeyRing } from '../config/key-ring';

/** What the secrets of an endpoint follow from. */
export interface SecretState {
  readonly id: string;
  readonly secretVersion: number;
  /** Until then the version before signs, too. */
  readonly overlapUntil: Date | null;
}

/** Secrets of endpoints: derived from the key ring, the endpoint and a version, so that no store holds one. */
@Injectable()
export class WebhookSecretsService {
  constructor(private readonly ring: KeyRing) {}

  /** As the libraries of Standard Webhooks take it. */
  textOf({ id, secretVersion }: SecretState): string {
    return `whsec_${derive(this.ring, id, secretVersion).toString('base64')}`;
  }

  /** What signs now: also by the key ring before the last change, until receivers have the new secret. */
  keysOf({ id, secretVersion, overlapUntil }: SecretState, now: number): Buffer[] {
    const isOverlapping = overlapUntil !== null && now < overlapUntil.getTime();
    const versions = isOverlapping ? [secretVersion, secretVersion - 1] : [secretVersion];
    return this.ring.generations.flatMap((ring) =>
      versions.map((version) => derive(ring, id, version)),
    );
  }
}

const derive = (ring: KeyRing, id: string, version: number) =>
  ring.derive(`webhook ${id} version ${version}`);
