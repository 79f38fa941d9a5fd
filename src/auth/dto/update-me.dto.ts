import { ApiPropertyOptional } from '../../contract/docs';
import {
  IsIn,
  IsISO8601,
  IsOptional,
  IsTimeZone,
  IsUrl,
  Matches,
  MaxLength,
  ValidateIf,
} from 'class-validator';
import { IsLanguageTag, IsPlainText } from '../../common/text.decorator';
import { type Gender, GENDERS } from '../../users/user-profile.entity';
import type { ProfileChanges } from '../../users/users.service';
import { HasBegun } from './birthday.decorator';

/** The characters of RFC 3986: an URL that browsers, proxies and people read alike. */
const HTTPS_URI = /^https:\/\/[\w.~:/?#[\]@!$&'()*+,;=%-]+$/;

/** What is left out stays as it is; null clears a field. */
export class UpdateMeDto {
  /** @example "Li Wei" */
  @ValidateIf((_, value) => value !== undefined)
  @IsPlainText(64)
  @ApiPropertyOptional({ minLength: 1, maxLength: 64 })
  name?: string;

  @IsOptional()
  @IsIn(GENDERS)
  @ApiPropertyOptional({ enum: [...GENDERS, null] })
  gender?: Gender | null;

  /** @example "1990-02-28" */
  @IsOptional()
  @Matches(/^(19|20)\d\d-\d\d-\d\d$/, { message: 'birthday must be a date like 1990-02-28' })
  @IsISO8601({ strict: true }, { message: 'birthday must be a day of the calendar' })
  @HasBegun()
  @ApiPropertyOptional({ format: 'date' })
  birthday?: string | null;

  /** @example "https://cdn.example.com/a.png" */
  @IsOptional()
  @Matches(HTTPS_URI, { message: 'avatar_url must be an absolute https URL' })
  @IsUrl({ protocols: ['https'], disallow_auth: true })
  @MaxLength(512)
  avatar_url?: string | null;

  @IsOptional()
  @IsPlainText(500, { multiline: true })
  @ApiPropertyOptional({ minLength: 1, maxLength: 500 })
  introduction?: string | null;

  /** A BCP 47 language tag. @example "zh-CN" */
  @IsOptional()
  @IsLanguageTag()
  @MaxLength(35)
  locale?: string | null;

  /** A name of the IANA time zone database. @example "Asia/Shanghai" */
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
