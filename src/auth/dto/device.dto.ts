import { Doc } from '../../contract/docs';
import type { UserDevice } from '../../sessions/device.entity';
import { shownUseOf } from '../../sessions/shown-times';

export class DeviceDto {
  @Doc({ example: '884142313217933312' })
  id!: string;
  @Doc('Whether the session of this request was opened on it.')
  current!: boolean;
  @Doc({ example: 'Chrome on Android', type: String, nullable: true })
  device!: string | null;
  @Doc('Where its last login came from, made coarse.', { example: '203.0.113.0/24' })
  network!: string;
  @Doc()
  created_at!: Date;
  @Doc('When a login last showed its `device_token`, to the quarter hour.')
  last_used_at!: Date;

  static of(device: UserDevice, currentId: string | null): DeviceDto {
    return {
      id: device.id,
      current: device.id === currentId,
      device: device.device,
      network: device.network,
      created_at: device.createdAt,
      last_used_at: shownUseOf(device),
    };
  }
}
