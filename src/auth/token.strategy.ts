import { PassportStrategy } from '@nestjs/passport';
import { Strategy } from 'passport-jwt';

/** A strategy that waits for `TokenStrategies` to give it a name: one of its class would serve one Tandem only. */
export abstract class TokenStrategy extends PassportStrategy(Strategy) {
  /** Nest's base class asks for it to register the strategy. */
  protected getPassportInstance() {
    return { use: () => undefined };
  }
}
