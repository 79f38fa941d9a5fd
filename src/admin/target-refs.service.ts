import { createHmac } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { KeyRing } from '../config/key-ring';

/** What stands for a blocked number or a paused prefix in a URL: the same each time, found again in the list of all. */
@Injectable()
export class TargetRefsService {
  private readonly key: Buffer;

  constructor(ring: KeyRing) {
    this.key = ring.derive('reference of a block');
  }

  refOf({ target, scope }: { readonly target: string; readonly scope: string }): string {
    const mac = createHmac('sha256', this.key).update(`${scope} ${target}`);
    return mac.digest('base64url').slice(0, 22);
  }
}
