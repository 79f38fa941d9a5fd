import { Doc } from '../../contract/docs';
import { NOTICE_KINDS, type NoticeKind } from '../../common/notice-kinds';
import type { ShownNotice } from '../../users/notices/notices.service';
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

export class SecurityNoticeDto {
  @Doc({ example: '884142313217933312' })
  id!: string;

  @Doc({ enum: NOTICE_KINDS })
  kind!: NoticeKind;

  @Doc()
  at!: Date;

  @Doc('In which it was done: `GET /auth/sessions`. Null where no session of the user did it.', {
    type: String,
    nullable: true,
  })
  session_id!: string | null;

  @Doc({ example: 'Chrome on Android', type: String, nullable: true })
  device!: string | null;

  @Doc({ example: '203.0.113.0/24', type: String, nullable: true })
  network!: string | null;

  static of({ sessionId, ...notice }: ShownNotice): SecurityNoticeDto {
    return { ...notice, session_id: sessionId };
  }
}

export class MeDto {
  @Doc({ example: '884142313217933312', pattern: '^[0-9]{1,19}$' })
  id!: string;

  @Doc('In E.164; null once somebody else has it, until the user proves another.', {
    example: '+8613812345678',
    pattern: '^\\+[0-9]{7,15}$',
    type: String,
    nullable: true,
  })
  mobile!: string | null;

  @Doc('A masked form of the mobile number until the user changes it.', {
    example: '+86138****5678',
  })
  name!: string;

  @Doc({ type: String, nullable: true })
  username!: string | null;

  @Doc('What the system that the user was imported from calls them.', {
    example: 'auth0|5f7c8ec7c33c6c004bbafe82',
    type: String,
    nullable: true,
  })
  external_id!: string | null;
  @Doc('What the user may beyond their own account.', { type: [String], example: [] })
  roles!: string[];

  @Doc('The terms that the user has agreed to last.', {
    example: '2026-01',
    type: String,
    nullable: true,
  })
  terms_version!: string | null;

  @Doc({ type: Date, nullable: true })
  terms_accepted_at!: Date | null;

  @Doc('When the user is erased, if they asked for it and do not cancel it: `DELETE /users/me`.', {
    type: Date,
    nullable: true,
  })
  deletion_at!: Date | null;

  @Doc(
    'What was done in the account that the user should know of, the newest first, at most 20, until `DELETE /users/me/security-notices/{id}`.',
    { type: [SecurityNoticeDto] },
  )
  security_notices!: SecurityNoticeDto[];

  @Doc()
  last_login!: Date;
  @Doc()
  created_at!: Date;
  @Doc()
  updated_at!: Date;
  @Doc()
  profile!: ProfileDto;

  static of(user: User, profile: UserProfile, notices: readonly ShownNotice[]): MeDto {
    return {
      id: user.id,
      mobile: user.mobile,
      name: user.name,
      username: user.username,
      external_id: user.externalId,
      roles: user.roles,
      terms_version: user.termsVersion,
      terms_accepted_at: user.termsAcceptedAt,
      deletion_at: user.deletionAt,
      security_notices: notices.map((notice) => SecurityNoticeDto.of(notice)),
      last_login: user.lastLogin,
      created_at: user.createdAt,
      updated_at: user.updatedAt,
      profile: profileOf(profile),
    };
  }
}

export function profileOf(profile: UserProfile): ProfileDto {
  return {
    gender: profile.gender,
    birthday: profile.birthday,
    avatar_url: profile.avatarUrl,
    introduction: profile.introduction,
    locale: profile.locale,
    time_zone: profile.timeZone,
  };
}
