import { IsOptional, Matches } from 'class-validator';
import { Switch } from './env-fields';
import { LoginPageEnv } from './login-page-env';

/** The pages of operators. */
export class ConsoleEnv extends LoginPageEnv {
  @Switch()
  CONSOLE = false;

  /** The only host name that gets the pages. */
  @IsOptional()
  @Matches(/^(?=.{1,253}$)[a-z\d]([a-z\d-]*[a-z\d])?(\.[a-z\d]([a-z\d-]*[a-z\d])?)*$/, {
    message: 'CONSOLE_HOST must be a host name in lower case, without a port: console.example.com',
  })
  CONSOLE_HOST?: string;
}
