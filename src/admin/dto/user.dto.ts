import { IsArray, IsString, Length, MaxLength } from 'class-validator';
import { ProfileDto } from '../../auth/dto/me.dto';
import { SPELLING_LENGTH } from '../../common/phone-number';
import { IsPlainText } from '../../common/text.decorator';
import { Doc } from '../../contract/docs';
import type { UserStatus } from '../../users/user.entity';
import { DeliveryDto } from './sms.dto';

/** In an audit row. */
const REASON_LENGTH = 200;

export class ReasonDto {
  @Doc('Why, for the audit.', { example: 'ticket 4711: asked to' })
  @IsPlainText(REASON_LENGTH)
  reason!: string;
}

export class MobileOrderDto extends ReasonDto {
  @Doc('Any spelling of a mobile number.', { example: '+8613812345678' })
  @IsString()
  @MaxLength(SPELLING_LENGTH)
  mobile!: string;
}

export class RolesDto extends ReasonDto {
  @Doc('All that the user has from now on.', { type: [String], example: ['support'] })
  @IsArray()
  @IsString({ each: true })
  @Length(1, 32, { each: true })
  roles!: string[];
}

export class RolesOfUserDto {
  @Doc({ type: [String], example: ['support'] })
  roles!: string[];
}

export class RevealedDto {
  @Doc('In E.164; null for a user who has none.', {
    example: '+8613812345678',
    type: String,
    nullable: true,
  })
  mobile!: string | null;
}

/** A user in a list. */
export class FoundUserDto {
  @Doc({ example: '884142313217933312' })
  id!: string;
  @Doc(
    'Stands for the number in other calls; null, like what follows of it, once somebody else has it.',
    {
      type: String,
      nullable: true,
    },
  )
  number_ref!: string | null;
  @Doc('Masked.', { example: '+86138****5678', type: String, nullable: true })
  mobile!: string | null;
  @Doc({ example: 'CN', type: String, nullable: true })
  country!: string | null;
  @Doc()
  name!: string;
  @Doc({ type: String, nullable: true })
  username!: string | null;
  @Doc({ enum: ['active', 'disabled'] satisfies UserStatus[] })
  status!: UserStatus;
  @Doc({ type: [String] })
  roles!: string[];
  @Doc()
  created_at!: Date;
  @Doc()
  last_login!: Date;
  @Doc('When a code last proved the number.', { type: Date, nullable: true })
  verified_at!: Date | null;
}

export class UserSessionDto {
  @Doc()
  id!: string;
  @Doc({ type: String, nullable: true })
  device!: string | null;
  @Doc('Made coarse; null for viewers.', {
    type: String,
    nullable: true,
    example: '203.0.113.0/24',
  })
  network!: string | null;
  @Doc('What was proved in it.', { type: [String], example: ['pwd', 'sms'] })
  amr!: string[];
  @Doc()
  auth_time!: Date;
  @Doc()
  created_at!: Date;
  @Doc('To the quarter hour.')
  last_used_at!: Date;
  @Doc()
  expires_at!: Date;
  @Doc({ type: Date, nullable: true })
  ended_at!: Date | null;
  @Doc({ type: String, nullable: true })
  end_reason!: string | null;
}

export class UserDeviceDto {
  @Doc()
  id!: string;
  @Doc({ type: String, nullable: true })
  device!: string | null;
  @Doc('Null for viewers.', { type: String, nullable: true })
  network!: string | null;
  @Doc()
  created_at!: Date;
  @Doc()
  last_used_at!: Date;
}

export class LimitDto {
  @Doc({ example: 'codes-per-number' })
  limit!: string;
  @Doc('Whether others are counted there, too.')
  shared!: boolean;
  @Doc({ type: 'integer' })
  used!: number;
  @Doc('Points left.', { type: 'integer' })
  left!: number;
  @Doc('Seconds until one is free; 0 while there is one.', { type: 'integer' })
  wait!: number;
}

export class UserDetailsDto extends FoundUserDto {
  @Doc()
  profile!: ProfileDto;
  @Doc('Live ones, and the last that ended.', { type: [UserSessionDto] })
  sessions!: UserSessionDto[];
  @Doc({ type: [UserDeviceDto] })
  devices!: UserDeviceDto[];
  @Doc('Null while the store that counts is away.', { type: [LimitDto], nullable: true })
  limits!: LimitDto[] | null;
  @Doc('The last messages to the number.', { type: [DeliveryDto] })
  deliveries!: DeliveryDto[];
}
