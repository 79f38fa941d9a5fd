import { IsBoolean, IsIn, IsOptional, IsString, Matches, MaxLength } from 'class-validator';
import { IsTime } from '../../common/time.decorator';
import { Doc } from '../../contract/docs';
import { ReasonDto, UserSessionDto } from './user.dto';

const ID = /^[1-9]\d{0,18}$/;
/** Where a step ended: the end of a session, and its id. */
const PLACE = /^\d{1,15}-\d{1,19}$/;
const NETWORK_LENGTH = 49;

export class SessionsQueryDto {
  @Doc('Only those opened from there: to the /24 of IPv4 and the /48 of IPv6, or broader.', {
    example: '203.0.113.0/24',
  })
  @IsOptional()
  @MaxLength(NETWORK_LENGTH)
  network?: string;

  @Doc('Only those opened before this time.', {
    example: '2026-01-31T09:30:00Z',
  })
  @IsOptional()
  @IsTime()
  opened_before?: string;
}

export class SessionListQueryDto extends SessionsQueryDto {
  @Doc('Only those that live.', { enum: ['true'] })
  @IsOptional()
  @IsIn(['true'])
  live?: 'true';

  @Doc('The `next` of the answer before.')
  @IsOptional()
  @Matches(ID, { message: 'after must be the id of a session' })
  after?: string;
}

export class SessionOfUserDto extends UserSessionDto {
  @Doc()
  user_id!: string;

  @Doc('Of its user: only admins end the sessions of users with roles.', { type: [String] })
  user_roles!: string[];
}

export class SessionListDto {
  @Doc('Also few or none where most of those that were looked at do not fit: go on with `next`.', {
    type: [SessionOfUserDto],
  })
  sessions!: SessionOfUserDto[];
  @Doc()
  has_more!: boolean;
  @Doc('For `after`, where there are more.', { type: String, nullable: true })
  next!: string | null;
}

export class CountSessionsQueryDto extends SessionsQueryDto {
  @Doc('The `next` of the step before.')
  @IsOptional()
  @Matches(PLACE, { message: 'after must be the next of the step before' })
  after?: string;
}

export class EndSessionsDto extends ReasonDto {
  @Doc('Those opened from there: to the /24 of IPv4 and the /48 of IPv6, or broader.', {
    example: '203.0.113.0/24',
  })
  @IsOptional()
  @IsString()
  @MaxLength(NETWORK_LENGTH)
  network?: string;

  @Doc('Those opened before this time.', { example: '2026-01-31T09:30:00Z' })
  @IsOptional()
  @IsTime()
  opened_before?: string;

  @Doc('All of them, where neither is given.')
  @IsOptional()
  @IsBoolean()
  all?: boolean;

  @Doc('The `next` of the step before.')
  @IsOptional()
  @Matches(PLACE, { message: 'after must be the next of the step before' })
  after?: string;
}

export class SessionStepDto {
  @Doc('Of this step.', { type: 'integer' })
  sessions!: number;
  @Doc('For `after` of the next step; null when this was the last.', {
    type: String,
    nullable: true,
  })
  next!: string | null;
}
