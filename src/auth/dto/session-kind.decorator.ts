import { applyDecorators } from '@nestjs/common';
import { IsIn, IsOptional } from 'class-validator';
import { Doc } from '../../contract/docs';

/** Where a login asks for its refresh token to go. */
export const SessionKind = () =>
  applyDecorators(
    Doc(
      '`cookie` puts the refresh token into a cookie that no script can read, in place of the answer. For pages of the server and of `CORS_ORIGINS`, with `REFRESH_COOKIE=on`.',
      { enum: ['cookie'], required: false },
    ),
    IsOptional(),
    IsIn(['cookie']),
  );
