import { Doc } from '../../contract/docs';

const SessionIdDoc = () =>
  Doc('With the cookie: the session that it is of, to be sent as `Tandem-Session`.', {
    example: '884142313217933312',
    required: false,
  });

export class AccessTokenDto {
  @Doc('The access token, for `Authorization: Bearer …`.')
  token!: string;

  @Doc({ example: 'Bearer', enum: ['Bearer'] })
  token_type!: 'Bearer';

  @Doc('Seconds until the access token expires.', { example: 7200, type: 'integer' })
  expires_in!: number;
}

export class TokenPairDto extends AccessTokenDto {
  @Doc(
    'Opens nothing; `PUT /auth/tokens` exchanges it for the next access token. Missing after a login with `"session": "cookie"`, whose cookie has it.',
    { required: false },
  )
  refresh_token?: string;

  @SessionIdDoc()
  session_id?: string;

  @Doc('Seconds until the refresh token expires.', { example: 1209600, type: 'integer' })
  refresh_expires_in!: number;
}

/** What a login gets. */
export class LoginDto extends TokenPairDto {
  @Doc('Whether this login has created the user.')
  is_new_user!: boolean;
}

export class CodeTokenPairDto extends LoginDto {
  @Doc(
    'Of this device. Opens nothing; sent with the next requests by code, it keeps strangers from using up their limits.',
  )
  device_token!: string;
}

/** With the refresh token and its expiry when rotation is on. */
export class RefreshedDto extends AccessTokenDto {
  @SessionIdDoc()
  session_id?: string;

  @Doc('Opens nothing; `PUT /auth/tokens` exchanges it for the next access token.', {
    required: false,
  })
  refresh_token?: string;

  @Doc('Seconds until the refresh token expires.', {
    example: 1209600,
    type: 'integer',
    required: false,
  })
  refresh_expires_in?: number;
}
