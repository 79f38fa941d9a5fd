import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import passport from 'passport';
import type { Strategy } from 'passport';

let instances = 0;

/**
 * The names of our strategies. Passport keeps one list for the whole process, where other Tandems stand, and those of
 * the host.
 */
@Injectable()
export class TokenStrategies implements OnApplicationShutdown {
  private readonly instance = ++instances;
  readonly access = `tandem-access-token-${this.instance}`;
  readonly refresh = `tandem-refresh-token-${this.instance}`;

  /** What a guard of this Tandem leaves on a request that it opened. */
  readonly admitted = Symbol('tandem admitted');

  use(name: 'access' | 'refresh', strategy: Strategy): void {
    passport.use(this[name], strategy);
  }

  onApplicationShutdown(): void {
    passport.unuse(this.access);
    passport.unuse(this.refresh);
  }
}
