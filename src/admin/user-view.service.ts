import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { In, Repository } from 'typeorm';
import { NumberRefsService } from '../audit/number-refs.service';
import { countryOf, type E164, maskMobile } from '../common/phone-number';
import { DevicesService } from '../sessions/devices.service';
import type { UserDevice } from '../sessions/device.entity';
import type { Session } from '../sessions/session.entity';
import { SessionsService } from '../sessions/sessions.service';
import { SmsDelivery } from '../sms/sms-delivery.entity';
import { TANDEM } from '../storage/tandem';
import type { User } from '../users/user.entity';
import { UsersService } from '../users/users.service';
import { profileOf } from '../auth/dto/me.dto';
import { DeliveryDto } from './dto/sms.dto';
import type {
  FoundUserDto,
  LimitDto,
  UserDetailsDto,
  UserDeviceDto,
  UserSessionDto,
} from './dto/user.dto';
import { NumberLimitsService, type NumberLimit } from './number-limits.service';

const LISTED = 20;

/** What operators see of a user. Numbers are masked. */
@Injectable()
export class UserViewService {
  constructor(
    @InjectRepository(SmsDelivery, TANDEM) private readonly deliveries: Repository<SmsDelivery>,
    private readonly devices: DevicesService,
    private readonly limits: NumberLimitsService,
    private readonly refs: NumberRefsService,
    private readonly sessions: SessionsService,
    private readonly users: UsersService,
  ) {}

  /** @throws ApiException `NOT_FOUND`. */
  async detailsOf(id: string): Promise<UserDetailsDto> {
    const [user, profile] = await this.users.findWithProfile(id, 'NOT_FOUND');
    const [live, ended, devices, limits, deliveries] = await Promise.all([
      this.sessions.listLive(id),
      this.sessions.listEnded(id),
      this.devices.list(id),
      user.mobile === null ? [] : this.limits.list(user.mobile, user).catch(() => null),
      user.mobile === null ? [] : this.messagesTo(user.mobile),
    ]);
    return {
      ...this.summaryOf(user),
      profile: profileOf(profile),
      sessions: [...live, ...ended.slice(0, LISTED)].map((one) => this.sessionOf(one)),
      devices: devices.map(deviceOf),
      limits: limits && limits.map(limitOf),
      deliveries: deliveries.map((delivery) => DeliveryDto.of(delivery)),
    };
  }

  summaryOf(user: User): FoundUserDto {
    const { id, mobile, name, username, status, roles } = user;
    return {
      id,
      number_ref: mobile && this.refs.refOf(mobile),
      mobile: mobile && maskMobile(mobile),
      country: mobile && countryOf(mobile),
      name,
      username,
      status,
      roles,
      created_at: user.createdAt,
      last_login: user.lastLogin,
      verified_at: user.verifiedAt,
    };
  }

  sessionOf(session: Session): UserSessionDto {
    const shown = this.sessions.shownTimesOf(session);
    return {
      id: session.id,
      device: session.device,
      network: session.network,
      amr: session.factors,
      auth_time: session.provedAt,
      created_at: session.createdAt,
      last_used_at: shown.lastUsedAt,
      expires_at: shown.expiresAt,
      ended_at: session.endedAt,
      end_reason: session.endReason,
    };
  }

  private messagesTo(mobile: E164): Promise<SmsDelivery[]> {
    return this.deliveries.find({
      where: { numberRef: In(this.refs.refsOf(mobile)) },
      order: { createdAt: 'DESC' },
      take: LISTED,
    });
  }
}

const deviceOf = (device: UserDevice): UserDeviceDto => ({
  id: device.id,
  device: device.device,
  network: device.network,
  created_at: device.createdAt,
  last_used_at: device.lastUsedAt,
});

const limitOf = ({ name, isShared, used, points, waitSeconds }: NumberLimit): LimitDto => ({
  limit: name,
  shared: isShared,
  used,
  left: Math.max(0, points - used),
  wait: waitSeconds,
});
