import { IsOptional, Matches } from 'class-validator';
import { IsTime } from '../../common/time.decorator';
import { Doc } from '../../contract/docs';

const ID = /^[1-9]\d{0,18}$/;

export class PageQueryDto {
  @Doc('The `next` of the page before, or the id of its last row.')
  @IsOptional()
  @Matches(ID, { message: 'after must be the id of a row' })
  after?: string;
}

export class TimesQueryDto extends PageQueryDto {
  @Doc('Only what was recorded from this time on.', { example: '2026-01-31T09:30:00Z' })
  @IsOptional()
  @IsTime()
  since?: string;

  @Doc('Only what was recorded until this time.', { example: '2026-01-31T10:30:00Z' })
  @IsOptional()
  @IsTime()
  until?: string;
}
