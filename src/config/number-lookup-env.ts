import { IsIn, IsOptional, IsString } from 'class-validator';
import { ConsoleEnv } from './console-env';
import { Duration } from './env-fields';
import { OutgoingUrl } from './outgoing-env-fields';

/** The variables about a service that knows which numbers changed hands. */
export abstract class NumberLookupEnv extends ConsoleEnv {
  @IsOptional()
  @OutgoingUrl()
  NUMBER_LOOKUP_URL?: string;

  @IsOptional()
  @IsString()
  NUMBER_LOOKUP_SECRET?: string;

  @Duration('1s', '10s')
  NUMBER_LOOKUP_TIMEOUT = 2;

  /** Without an answer: `open` logs in, `closed` asks who has proved the number. */
  @IsIn(['open', 'closed'])
  NUMBER_LOOKUP_FAILURE: 'open' | 'closed' = 'closed';
}
