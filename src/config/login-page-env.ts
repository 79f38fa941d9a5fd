import { IsOptional, Matches } from 'class-validator';
import { commaSeparated, field, Switch, Url } from './env-fields';
import { SmsEnv } from './sms-env';

/** The login page. */
export class LoginPageEnv extends SmsEnv {
  @Switch()
  LOGIN_PAGE = false;

  /** The addresses that a login may lead back to, the first one unless the link names another. Compared whole. */
  @ReturnAddresses()
  LOGIN_RETURN_TO: string[] = [];

  /** An image above the form. */
  @IsOptional()
  @Url(['https:'])
  LOGIN_LOGO_URL?: string;

  /** Of buttons and links. */
  @Matches(/^#[\da-f]{6}$/i, { message: 'LOGIN_COLOR must be a colour like #1d4ed8' })
  LOGIN_COLOR = '#1d4ed8';
}

function ReturnAddresses(): PropertyDecorator {
  return field(
    commaSeparated,
    (values) => values.every(isAddress),
    'must be a comma-separated list of addresses like https://app.example.com/welcome',
  );
}

const isAddress = (text: string) => URL.canParse(text) && /^https?:\/\//.test(text);
