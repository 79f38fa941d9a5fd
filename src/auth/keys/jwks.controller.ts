import { Get, Header } from '@nestjs/common';
import { ApiOkResponse, ApiTags, Operation } from '../../contract/docs';
import { ApiController } from '../../contract/api-controller.decorator';
import { Public } from '../public.decorator';
import { TokenKeysService } from './token-keys.service';

@ApiTags('services')
@Public()
@ApiController('.well-known/jwks.json')
export class JwksController {
  constructor(private readonly keys: TokenKeysService) {}

  @Operation('The public keys of access tokens, as a JWK set; empty while they are signed by HMAC.')
  @Get()
  @Header('cache-control', 'public, max-age=300')
  @ApiOkResponse({
    schema: {
      type: 'object',
      required: ['keys'],
      properties: {
        keys: { type: 'array', items: { type: 'object', additionalProperties: true } },
      },
    },
  })
  read(): object {
    return this.keys.jwks;
  }
}
