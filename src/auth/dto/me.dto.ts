import { ApiProperty } from '../../contract/docs';
import type { User } from '../../users/user.entity';
import { type Gender, GENDERS, type UserProfile } from '../../users/user-profile.entity';

export class ProfileDto {
  @ApiProperty({ enum: [...GENDERS, null] })
  gender!: Gender | null;

  /** @example "1990-02-28" */
  @ApiProperty({ format: 'date' })
  birthday!: string | null;

  @ApiProperty({ format: 'uri' })
  avatar_url!: string | null;

  introduction!: string | null;

  /** @example "zh-CN" */
  locale!: string | null;

  /** @example "Asia/Shanghai" */
  time_zone!: string | null;
}

export class MeDto {
  /** @example "884142313217933312" */
  @ApiProperty({ pattern: '^[0-9]{1,19}$' })
  id!: string;

  /** In E.164. @example "+8613812345678" */
  @ApiProperty({ pattern: '^\\+[0-9]{7,15}$' })
  mobile!: string;

  /** A masked form of the mobile number until the user changes it. @example "+86138****5678" */
  name!: string;

  username!: string | null;
  last_login!: Date;
  created_at!: Date;
  updated_at!: Date;
  profile!: ProfileDto;

  static of(user: User, profile: UserProfile): MeDto {
    return {
      id: user.id,
      mobile: user.mobile,
      name: user.name,
      username: user.username,
      last_login: user.lastLogin,
      created_at: user.createdAt,
      updated_at: user.updatedAt,
      profile: {
        gender: profile.gender,
        birthday: profile.birthday,
        avatar_url: profile.avatarUrl,
        introduction: profile.introduction,
        locale: profile.locale,
        time_zone: profile.timeZone,
      },
    };
  }
}
