import { applyDecorators } from '@nestjs/common';
import { IsOptional, IsString, MaxLength } from 'class-validator';
import { Doc } from '../../contract/docs';

/** The terms that a login agrees to. */
export const AgreedTerms = () =>
  applyDecorators(
    Doc(
      'The `terms_version` of `GET /auth/config`, when the user was shown those terms and agrees to them by logging in.',
      { example: '2026-01', maxLength: 64, required: false },
    ),
    IsOptional(),
    IsString(),
    MaxLength(64),
  );
