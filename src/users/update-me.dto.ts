import { Doc } from '../contract/docs';
import {
  IsIn,
  IsISO8601,
  IsOptional,
  IsUrl,
  Matches,
  MaxLength,
  ValidateIf,
} from 'class-validator';
import { IsLanguageTag, IsPlainText } from '../common/text.decorator';
import { IsTimeZone } from '../common/time-zone.decorator';
import { type Gender, GENDERS } from './user-profile.entity';
import type { ProfileChanges } from './users.service';
import { IsAvatarUrl } from './avatar-url.decorator';
import { HasBegun } from './birthday.decorator';

/** What is left out stays as it is; null clears a field. */
export class UpdateMeDto {
  @Doc({ example: 'Li Wei', minLength: 1, maxLength: 64 })
  @ValidateIf((_, value) => value !== undefined)
  @IsPlainText(64)
  name?: string;

  @Doc({ enum: [...GENDERS, null], nullable: true })
  @IsOptional()
  @IsIn(GENDERS)
  gender?: Gender | null;

  @Doc({ example: '1990-02-28', format: 'date', type: String, nullable: true })
  @IsOptional()
  @Matches(/^(19|20)\d\d-\d\d-\d\d$/, { message: 'birthday must be a date like 1990-02-28' })
  @IsISO8601({ strict: true }, { message: 'birthday must be a day of the calendar' })
  @HasBegun()
  birthday?: string | null;

  @Doc({
    example: 'https://cdn.example.com/a.png',
    type: String,
    format: 'uri',
    // More than clients need.
    pattern: undefined,
    nullable: true,
  })
  @IsOptional()
  @IsAvatarUrl()
  @IsUrl({ protocols: ['https'], disallow_auth: true })
  @MaxLength(512)
  avatar_url?: string | null;

  @Doc({ minLength: 1, maxLength: 500, type: String, nullable: true })
  @IsOptional()
  @IsPlainText(500, { multiline: true })
  introduction?: string | null;

  @Doc('A BCP 47 language tag.', { example: 'zh-CN', type: String, nullable: true })
  @IsOptional()
  @IsLanguageTag()
  @MaxLength(35)
  locale?: string | null;

  @Doc('A name of the IANA time zone database.', {
    example: 'Asia/Shanghai',
    type: String,
    nullable: true,
  })
  @IsOptional()
  @IsTimeZone()
  @MaxLength(64)
  time_zone?: string | null;
}

/** Where each field is kept: one that is forgotten does not compile. */
const COLUMNS = {
  name: 'name',
  gender: 'gender',
  birthday: 'birthday',
  avatar_url: 'avatarUrl',
  introduction: 'introduction',
  locale: 'locale',
  time_zone: 'timeZone',
} as const satisfies Record<keyof UpdateMeDto, keyof ProfileChanges>;

export function changesOf(fields: UpdateMeDto): ProfileChanges {
  const changes = Object.entries(COLUMNS).map(([field, column]) => [
    column,
    fields[field as keyof UpdateMeDto],
  ]);
  return Object.fromEntries(changes);
}
