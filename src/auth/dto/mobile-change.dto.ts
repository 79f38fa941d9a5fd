import { IsString, Length, MaxLength, ValidateIf } from 'class-validator';
import { maskMobile, SPELLING_LENGTH } from '../../common/phone-number';
import { IsUnicode } from '../../common/text.decorator';
import { Doc } from '../../contract/docs';
import {
  ACTIVE_STATES,
  END_STATES,
  type MobileChange,
  type MobileChangeState,
} from '../../users/mobile-change.entity';
import { claimableAt } from '../mobile-changes/change-times';
import { CodeSentDto } from './code-request.dto';
import { MAX_SPELLING } from './password-login.dto';

export class MobileChangeSentDto extends CodeSentDto {
  @Doc({ example: '884142313217933312' })
  id!: string;

  @Doc(
    'Seconds from the proof until the number changes: none where this session has proved a code to the present number in the last ten minutes.',
    { example: 0, type: 'integer' },
  )
  delay!: number;
}

export class MobileChangeDto {
  @Doc({ example: '884142313217933312' })
  id!: string;

  @Doc(
    '`open`: not proved yet. `ordered`: an operator has; who logs in with the new number proves it. `pending`: the number changes at `until`. `moved`: it has changed, the old one is kept until `until`. `undone`: the old one is back, the new one is kept. `claimed`: who has just proved the number says that the account is theirs, shows no password, and may have it at `until`, without what is in it.',
    { enum: [...ACTIVE_STATES, ...END_STATES] satisfies MobileChangeState[] },
  )
  state!: MobileChangeState;

  @Doc('The new number, masked.', { example: '+86138****5678' })
  mobile!: string;

  @Doc({ type: Date, nullable: true })
  until!: Date | null;

  static of({ id, state, toMobile, dueAt, createdAt }: MobileChange): MobileChangeDto {
    const until = state === 'claimed' ? claimableAt({ createdAt }) : dueAt;
    return { id, state, mobile: maskMobile(toMobile), until };
  }
}

export class PasswordProofDto {
  @Doc('The password of the user.', { example: 'correct horse battery' })
  @IsString()
  @IsUnicode()
  @Length(1, MAX_SPELLING)
  password!: string;
}

const byPassword = ({ ticket, device_token: device }: UndoDto) =>
  ticket === undefined && device === undefined;

/** `ticket`, or `mobile` and `password`, or `device_token`. */
export class UndoDto {
  @Doc('That of a `NUMBER_MOVED`.')
  @ValidateIf(({ ticket }: UndoDto) => ticket !== undefined)
  @IsString()
  @MaxLength(128)
  ticket?: string;

  @Doc('Of a device of the user: it cancels a change that waits.')
  @ValidateIf(({ device_token: device }: UndoDto) => device !== undefined)
  @IsString()
  @MaxLength(128)
  device_token?: string;

  @Doc('Without these: any spelling of the number before.', { example: '+8613812345678' })
  @ValidateIf(byPassword)
  @IsString()
  @MaxLength(SPELLING_LENGTH)
  mobile?: string;

  @Doc('Without these: the password as it was before the change.')
  @ValidateIf(byPassword)
  @IsString()
  @IsUnicode()
  @Length(1, MAX_SPELLING)
  password?: string;
}

export class UndoneDto {
  @Doc(
    '`undone`: the account has the number before, whoever else proves the other within a week may contest it. `reverted`: the same, and the other is free. `recovery`: both were proved, nobody logs in until an operator has decided. `cancelled`: the number does not move.',
    { enum: ['undone', 'reverted', 'recovery', 'cancelled'] satisfies MobileChangeState[] },
  )
  state!: MobileChangeState;
}
