import { Doc } from '../../contract/docs';
import { Transform } from 'class-transformer';
import {
  IsOptional,
  IsString,
  Length,
  Matches,
  MaxLength,
  ValidateBy,
  ValidateIf,
} from 'class-validator';
import { SPELLING_LENGTH } from '../../common/phone-number';
import { IsUnicode } from '../../common/text.decorator';
import { PASSWORD_LENGTH } from '../../users/password-policy.service';
import { USERNAME, USERNAME_RULE } from '../../users/username';
import { SessionKind } from './session-kind.decorator';

const USERNAME_LENGTH = 32;
/** White space and what nobody sees, as pasted names have it. */
const AROUND = /^[\s\p{Cf}]+|[\s\p{Cf}]+$/gu;
/** Longer texts stay as they are: looking for an end takes the square of their length. */
const MAX_TRIMMED = 2 * USERNAME_LENGTH;

/** MySQL finds a username with spaces behind it, too: they must not get a limit of their own. */
const Trim = () =>
  Transform(({ value }) =>
    typeof value === 'string' && value.length <= MAX_TRIMMED ? value.replace(AROUND, '') : value,
  );

/** A password of the greatest length has more when a keyboard sends accents apart. */
export const MAX_SPELLING = 512;

/** Two names may be those of two users. */
const StandsAlone = () =>
  ValidateBy({
    name: 'standsAlone',
    validator: {
      validate: (_, login) => (login!.object as PasswordLoginDto).username === undefined,
      defaultMessage: () => 'mobile must not stand beside username',
    },
  });

/** Without either the username is missed. */
const isByMobile = ({ username, mobile }: PasswordLoginDto) =>
  username === undefined && mobile !== undefined;

/** One of `username` and `mobile`. */
export class PasswordLoginDto {
  @Doc('In place of `mobile`. Upper and lower case are the same.', { example: 'li.wei' })
  @ValidateIf((login: PasswordLoginDto) => !isByMobile(login))
  @Trim()
  @IsString()
  @Length(1, USERNAME_LENGTH)
  username?: string;

  @Doc('In place of `username`: any spelling of the mobile number.', { example: '+8613812345678' })
  @ValidateIf((login: PasswordLoginDto) => login.mobile !== undefined)
  @StandsAlone()
  @IsString()
  @MaxLength(SPELLING_LENGTH)
  mobile?: string;

  @Doc({ example: 'correct horse battery' })
  @IsString()
  @IsUnicode()
  @Length(1, MAX_SPELLING)
  password!: string;

  @Doc(
    'The `device_token` of a login of this user by code: strangers do not use up the limits of this device.',
  )
  @IsOptional()
  @IsString()
  @MaxLength(128)
  device_token?: string;

  @SessionKind()
  session?: 'cookie';
}

export class SetPasswordDto {
  @Doc(
    '3 to 32 letters, digits, dots, hyphens and underscores. Without it the user keeps the one that they have; the number and the password are enough to log in.',
    { example: 'li.wei' },
  )
  @ValidateIf(({ username }: SetPasswordDto) => username !== undefined)
  @Matches(USERNAME, { message: USERNAME_RULE })
  username?: string;

  @Doc(
    '8 to 128 characters of any kind, but none of the most used passwords, and without the username, the mobile number and the name of the service.',
    { example: 'correct horse battery' },
  )
  @IsString()
  @IsUnicode()
  @Length(PASSWORD_LENGTH.min, PASSWORD_LENGTH.max)
  password!: string;

  @Doc(
    'The password until now, in place of a login of the last ten minutes. Users with roles need both.',
  )
  @IsOptional()
  @IsString()
  @IsUnicode()
  @Length(1, MAX_SPELLING)
  current_password?: string;
}
