import { Doc } from '../../contract/docs';
import { Transform } from 'class-transformer';
import { IsOptional, IsString, Length, Matches, MaxLength } from 'class-validator';
import { IsUnicode } from '../../common/text.decorator';
import { PASSWORD_LENGTH } from '../../users/password-policy.service';

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
const MAX_SPELLING = 512;

export class PasswordLoginDto {
  @Doc('Upper and lower case are the same.', { example: 'li.wei' })
  @Trim()
  @IsString()
  @Length(1, USERNAME_LENGTH)
  username!: string;

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
}

export class SetPasswordDto {
  @Doc('3 to 32 letters, digits, dots, hyphens and underscores.', { example: 'li.wei' })
  @Matches(/^[A-Za-z0-9][A-Za-z0-9._-]{1,30}[A-Za-z0-9]$/, {
    message:
      'username must be 3 to 32 letters, digits, dots, hyphens or underscores, with a letter or digit at both ends',
  })
  username!: string;

  @Doc(
    '8 to 128 characters of any kind, but none of the most used passwords, and without the username, the mobile number and the name of the service.',
    { example: 'correct horse battery' },
  )
  @IsString()
  @IsUnicode()
  @Length(PASSWORD_LENGTH.min, PASSWORD_LENGTH.max)
  password!: string;
}
