import { Doc } from '../../contract/docs';
import { maskMobile } from '../../common/phone-number';
import type { User, UserStatus } from '../../users/user.entity';
import type { UserProfile } from '../../users/user-profile.entity';

/** What other services show of a user. */
export class ServiceUserDto {
  @Doc('The `sub` of their tokens.', { example: '884142313217933312', pattern: '^[0-9]{1,19}$' })
  id!: string;

  @Doc('The masked mobile number until the user changes it.', { example: 'Li Wei' })
  name!: string;

  @Doc('What the system that the user was imported from calls them.', {
    example: 'auth0|5f7c8ec7c33c6c004bbafe82',
    type: String,
    nullable: true,
  })
  external_id!: string | null;

  @Doc('Masked; null once somebody else has it.', {
    example: '+86138****5678',
    type: String,
    nullable: true,
  })
  mobile!: string | null;

  @Doc({ enum: ['active', 'disabled'] satisfies UserStatus[] })
  status!: UserStatus;

  @Doc({ format: 'uri', type: String, nullable: true })
  avatar_url!: string | null;

  @Doc({ example: 'zh-CN', type: String, nullable: true })
  locale!: string | null;

  @Doc({ example: 'Asia/Shanghai', type: String, nullable: true })
  time_zone!: string | null;

  @Doc()
  created_at!: Date;

  static of(user: User, profile: UserProfile): ServiceUserDto {
    return {
      id: user.id,
      name: user.name,
      external_id: user.externalId,
      mobile: user.mobile && maskMobile(user.mobile),
      status: user.status,
      avatar_url: profile.avatarUrl,
      locale: profile.locale,
      time_zone: profile.timeZone,
      created_at: user.createdAt,
    };
  }
}
