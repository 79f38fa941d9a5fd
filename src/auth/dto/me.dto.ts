import { Doc } from '../../contract/docs';
import type { User } from '../../users/user.entity';
import { type Gender, GENDERS, type UserProfile } from '../../users/user-profile.entity';

export class ProfileDto {
  @Doc({ enum: [...GENDERS, null], nullable: true })
  gender!: Gender | null;

  @Doc({ example: '1990-02-28', format: 'date', type: String, nullable: true })
  birthday!: string | null;

  @Doc({ format: 'uri', type: String, nullable: true })
  avatar_url!: string | null;

  @Doc({ type: String, nullable: true })
  introduction!: string | null;

  @Doc({ example: 'zh-CN', type: String, nullable: true })
  locale!: string | null;

  @Doc({ example: 'Asia/Shanghai', type: String, nullable: true })
  time_zone!: string | null;
}

export class MeDto {
  @Doc({ example: '884142313217933312', pattern: '^[0-9]{1,19}$' })
  id!: string;

  @Doc('In E.164.', { example: '+8613812345678', pattern: '^\\+[0-9]{7,15}$' })
  mobile!: string;

  @Doc('A masked form of the mobile number until the user changes it.', {
    example: '+86138****5678',
  })
  name!: string;

  @Doc({ type: String, nullable: true })
  username!: string | null;
  @Doc()
  last_login!: Date;
  @Doc()
  created_at!: Date;
  @Doc()
  updated_at!: Date;
  @Doc()
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
