import { IsOptional, IsString, MaxLength } from 'class-validator';
import { Doc } from '../../contract/docs';
import { CodeProofDto } from './code-proof.dto';
import { WordingDto } from './code-request.dto';

const DEVICE = 'The `device_token` of this device, which strangers use up no limits of.';

export class DeletionCodeDto extends WordingDto {
  @Doc(DEVICE)
  @IsOptional()
  @IsString()
  @MaxLength(128)
  device_token?: string;
}

export class DeletionProofDto extends CodeProofDto {
  @Doc(DEVICE)
  @IsOptional()
  @IsString()
  @MaxLength(128)
  device_token?: string;
}

export class DeletionDto {
  @Doc(
    'When everything personal is erased. Until then a login works, and `DELETE /users/me/deletion` cancels it.',
  )
  delete_at!: Date;
}

const ROW = { type: 'object', additionalProperties: true } as const;
const ROWS = { type: 'array', items: ROW } as const;

/** Ids are strings and times are ISO 8601 in all of it. */
export class UserExportDto {
  @Doc()
  exported_at!: Date;
  @Doc('Number, name, username, roles, agreed terms, and when.', ROW)
  user!: object;
  @Doc(ROW)
  profile!: object;
  @Doc('With device and network, those that have ended as long as they are on record.', ROWS)
  sessions!: object[];
  @Doc(ROWS)
  devices!: object[];
  @Doc('Changes of number.', ROWS)
  mobile_changes!: object[];
  @Doc('What the user was told of, for their safety.', ROWS)
  notices!: object[];
  @Doc('Messages to the number, without their text.', ROWS)
  messages!: object[];
  @Doc('What was done in the account, and what was refused.', ROWS)
  history!: object[];
}
