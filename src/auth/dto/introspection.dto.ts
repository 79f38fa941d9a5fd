import { Doc } from '../../contract/docs';
import { IsOptional, IsString, Matches, MaxLength } from 'class-validator';

/** The form of RFC 7662 and RFC 7009. */
export class TokenFormDto {
  @Doc({ example: 'eyJhbGciOiJFUzI1NiIs…' })
  @IsString()
  @MaxLength(4096)
  token!: string;

  @Doc()
  @IsOptional()
  @IsString()
  @MaxLength(64)
  token_type_hint?: string;
}

export class IntrospectionDto {
  @Doc('Only true for an access token whose session lives; nothing else is told of other tokens.')
  active!: boolean;
  @Doc('The user id.', { required: false })
  sub?: string;
  @Doc('The session id.', { required: false })
  sid?: string;
  @Doc({ required: false })
  iss?: string;
  @Doc({ required: false })
  aud?: string;
  @Doc({ required: false })
  jti?: string;
  @Doc({ required: false })
  iat?: number;
  @Doc({ required: false })
  exp?: number;
  @Doc('Of the user, where there are any.', {
    type: [String],
    example: ['support'],
    required: false,
  })
  roles?: string[];
  @Doc({ example: 'Bearer', enum: ['Bearer'], required: false })
  token_type?: 'Bearer';
}

export class RevocationsQueryDto {
  @Doc('The `cursor` of the answer before.')
  @IsOptional()
  @Matches(/^\d{1,15}(-\d{1,15}-\d{1,19})?$/, {
    message: 'after must be a cursor of an earlier answer',
  })
  after?: string;
}

export class RevocationDto {
  @Doc('The session whose access tokens are to be refused.')
  sid!: string;
  @Doc()
  ended_at!: Date;
}

export class RevocationsDto {
  @Doc({ type: [RevocationDto] })
  revocations!: RevocationDto[];
  @Doc(
    'For `after` of the next request. It goes over the last seconds again, for commits that come late.',
  )
  cursor!: string;
  @Doc('Whether there is more to read at once.')
  more!: boolean;
}
