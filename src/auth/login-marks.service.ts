import { Injectable } from '@nestjs/common';
import { DeviceTokensService } from '../sessions/device-tokens.service';
import type { LoginDevice } from './device.queries';
import { type LoginMark, RefreshClientsService } from './refresh-clients.service';

/** What a login by code leaves on its session and its device, so that it finds both when it is repeated. */
@Injectable()
export class LoginMarksService {
  constructor(
    private readonly clients: RefreshClientsService,
    private readonly deviceTokens: DeviceTokensService,
  ) {}

  /** With a mark it is the same one each time, so that a login that is repeated finds its token. */
  deviceOf(challengeId: string, deviceToken?: string, mark?: LoginMark): LoginDevice {
    const seed = mark && `${challengeId} ${mark.key}`;
    return {
      shown: this.deviceTokens.read(deviceToken),
      fresh: this.deviceTokens.newSecret(seed),
    };
  }

  tokenOf(deviceId: string, { shown, fresh }: LoginDevice): string {
    return this.deviceTokens.tokenOf(deviceId, (deviceId === shown?.id ? shown : fresh).secret);
  }

  tracesOf(mark?: LoginMark) {
    if (!mark) return {};
    return { traceOf: (sessionId: string) => this.clients.traceOfLogin(sessionId, mark) };
  }
}
