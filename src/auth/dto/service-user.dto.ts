import { ApiProperty } from '../../contract/docs';
import { maskMobile } from '../../common/phone-number';
import type { User, UserStatus } from '../../users/user.entity';
import type { UserProfile } from '../../users/user-profile.entity';

/** What other services show of a user. */
export class ServiceUserDto {
  /** The `sub` of their tokens. @example "884142313217933312" */
  @ApiProperty({ pattern: '^[0-9]{1,19}$' })
  id!: string;

  /** The masked mobile number until the user changes it. @example "Li Wei" */
  name!: string;

  /** Masked. @example "+86138****5678" */
  mobile!: string;

  @ApiProperty({ enum: ['active', 'disabled'] satisfies UserStatus[] })
  status!: UserStatus;

  @ApiProperty({ format: 'uri' })
  avatar_url!: string | null;

  /** @example "zh-CN" */
  locale!: string | null;

  /** @example "Asia/Shanghai" */
  time_zone!: string | null;

  created_at!: Date;

  static of(user: User, profile: UserProfile): ServiceUserDto {
    return {
      id: user.id,
      name: user.name,
      mobile: maskMobile(user.mobile),
      status: user.status,
      avatar_url: profile.avatarUrl,
      locale: profile.locale,
      time_zone: profile.timeZone,
      created_at: user.createdAt,
    };
  }
}
