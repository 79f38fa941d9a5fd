import { IsBoolean, IsOptional, IsString, Length, MaxLength } from 'class-validator';
import { IsUnicode } from '../../common/text.decorator';
import { Doc } from '../../contract/docs';
import { AgreedTerms } from './agreed-terms.decorator';
import { MAX_SPELLING } from './password-login.dto';
import { SessionKind } from './session-kind.decorator';

/** The answer to `NUMBER_PERHAPS_REASSIGNED`. */
export class ReassignedDto {
  @Doc('That of a `NUMBER_PERHAPS_REASSIGNED`, or of a `NUMBER_MOVED`.', {
    example: '7dQ0mP2vXk9sLr4TtYb1ZcWf',
  })
  @IsString()
  @MaxLength(128)
  ticket!: string;

  @Doc(
    'Whether the account is that of who has proved the number. If not, it is left to who knows its password, and a new one is opened.',
    { example: false },
  )
  @IsBoolean()
  mine!: boolean;

  @Doc(
    'With `mine`: that of the account, which then goes on as it is. Without it the account is emptied, where there is a password after a week in which its user may object, or not given at all.',
  )
  @IsOptional()
  @IsString()
  @IsUnicode()
  @Length(1, MAX_SPELLING)
  password?: string;

  @AgreedTerms()
  terms_version?: string;

  @SessionKind()
  session?: 'cookie';
}
