import { IsString, MaxLength } from 'class-validator';
import { Doc } from '../../contract/docs';

export class AcceptTermsDto {
  @Doc('The `terms_version` of `GET /auth/config`, which the user was shown.', {
    example: '2026-01',
  })
  @IsString()
  @MaxLength(64)
  terms_version!: string;
}
