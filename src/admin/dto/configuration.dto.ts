import type { EnvSource } from '../../config/env-sources';
import { Doc } from '../../contract/docs';

export class SettingDto {
  @Doc({ example: 'ACCESS_TOKEN_TTL' })
  name!: string;
  @Doc('Not of what may be secret, and what is not set.', {
    required: false,
    oneOf: [
      { type: 'string' },
      { type: 'number' },
      { type: 'boolean' },
      { type: 'array', items: {} },
      { type: 'object' },
    ],
  })
  value?: unknown;
  @Doc()
  is_set!: boolean;
  @Doc({ enum: ['environment', 'file', 'option', 'default'] satisfies EnvSource[] })
  source!: EnvSource;
}
