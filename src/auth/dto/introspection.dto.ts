import { IsOptional, IsString, Matches, MaxLength } from 'class-validator';

/** The form of RFC 7662 and RFC 7009. */
export class TokenFormDto {
  @IsString()
  @MaxLength(4096)
  token!: string;

  @IsOptional()
  @IsString()
  @MaxLength(64)
  token_type_hint?: string;
}

export class IntrospectionDto {
  /** Only true for an access token whose session lives; nothing else is told of other tokens. */
  active!: boolean;
  /** The user id. */
  sub?: string;
  /** The session id. */
  sid?: string;
  iss?: string;
  aud?: string;
  jti?: string;
  iat?: number;
  exp?: number;
  /** @example "Bearer" */
  token_type?: 'Bearer';
}

export class RevocationsQueryDto {
  /** The `cursor` of the answer before. */
  @IsOptional()
  @Matches(/^\d{1,15}(-\d{1,15}-\d{1,19})?$/, {
    message: 'after must be a cursor of an earlier answer',
  })
  after?: string;
}

export class RevocationDto {
  /** The session whose access tokens are to be refused. */
  sid!: string;
  ended_at!: Date;
}

export class RevocationsDto {
  revocations!: RevocationDto[];
  /** For `after` of the next request. It goes over the last seconds again, for commits that come late. */
  cursor!: string;
  /** Whether there is more to read at once. */
  more!: boolean;
}
