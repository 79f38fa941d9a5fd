import { Injectable } from '@nestjs/common';
import { Clock } from '../common/clock';
import { Env } from '../config/env';
import { SmsRoutesService } from '../sms/sms-routes.service';
import { SmsSenderService } from '../sms/sms-sender.service';
import type { RouteDto, RouteStepDto } from './dto/sms.dto';

/** Every country that is not named. */
const OTHERS = '*';

/** In which order the providers are tried on this node, and why. */
@Injectable()
export class RouteReportService {
  constructor(
    private readonly clock: Clock,
    private readonly env: Env,
    private readonly routes: SmsRoutesService,
    private readonly sender: SmsSenderService,
  ) {}

  list(): RouteDto[] {
    return this.countries().map((country) => this.routeIn(country));
  }

  /** Those that are served; where all are, those of which there is something to tell. */
  private countries(): string[] {
    const { SMS_COUNTRIES: served, SMS_ROUTES: routes } = this.env;
    if (served[0] !== OTHERS) return served;
    const failing = this.sender.openBreakers().map(({ country }) => country);
    const known = [...Object.keys(routes), ...this.routes.rankedCountries, ...failing];
    const named = [...new Set(known)].filter((country) => country !== OTHERS);
    return [...named.toSorted(), OTHERS];
  }

  private routeIn(country: string): RouteDto {
    const { providers, configured, used } = this.routes.orderIn(country);
    const steps = providers.map((provider): RouteStepDto => {
      const { price, openMs, throttledSeconds } = this.sender.outlookOf(provider, country);
      return {
        provider,
        price: price / 1e6,
        used: used.get(provider) ?? null,
        open_since: openMs === null ? null : new Date(this.clock.now() - openMs),
        throttled: throttledSeconds,
      };
    });
    const because = providers[0] === configured[0] ? 'configured' : 'codes_used';
    return { country, because, configured, steps };
  }
}
