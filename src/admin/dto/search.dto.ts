import { IsOptional, IsString, Length, Matches } from 'class-validator';
import { IsUnicode } from '../../common/text.decorator';
import { Doc } from '../../contract/docs';
import { FoundUserDto } from './user.dto';

export class SearchDto {
  @Doc(
    'A number in any spelling, the id of a user, the beginning of a username, the id of a request, or that of a message at its provider.',
    { example: '+8613812345678' },
  )
  @IsString()
  @IsUnicode()
  @Length(1, 128)
  query!: string;

  @Doc('The `next` of the answer before.')
  @IsOptional()
  @Matches(/^[a-z0-9._-]{1,32}$/, { message: 'after must be the next of an earlier answer' })
  after?: string;
}

export class SearchedDto {
  @Doc({ type: [FoundUserDto] })
  users!: FoundUserDto[];
  @Doc('Numbers that were found, or given, and are no user’s.', { type: [String] })
  number_refs!: string[];
  @Doc()
  has_more!: boolean;
  @Doc('For `after`, where there are more.', { type: String, nullable: true })
  next!: string | null;
}
