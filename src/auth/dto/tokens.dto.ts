import { ApiProperty } from '../../contract/docs';

export class AccessTokenDto {
  /** The access token, for `Authorization: Bearer …`. */
  token!: string;

  /** @example "Bearer" */
  token_type!: 'Bearer';

  /** Seconds until the access token expires. @example 7200 */
  @ApiProperty({ type: 'integer' })
  expires_in!: number;
}

export class TokenPairDto extends AccessTokenDto {
  /** Opens nothing; `PUT /auth/tokens` exchanges it for the next access token. */
  refresh_token!: string;

  /** Seconds until the refresh token expires. @example 1209600 */
  @ApiProperty({ type: 'integer' })
  refresh_expires_in!: number;
}

export class CodeTokenPairDto extends TokenPairDto {
  /** Opens nothing; sent with the next requests by code, it keeps strangers from using up their limits. */
  device_token!: string;
}

/** With the refresh token and its expiry when rotation is on. */
export class RefreshedDto extends AccessTokenDto {
  /** Opens nothing; `PUT /auth/tokens` exchanges it for the next access token. */
  refresh_token?: string;

  /** Seconds until the refresh token expires. @example 1209600 */
  @ApiProperty({ type: 'integer' })
  refresh_expires_in?: number;
}
