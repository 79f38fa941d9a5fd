import { Get, Headers, HttpStatus, Res } from '@nestjs/common';
import { ApiController } from '../contract/api-controller.decorator';
import { ApiNotModifiedResponse, ApiTags, Operation } from '../contract/docs';
import { isNamedBy } from '../contract/if-none-match';
import type { Reply } from '../contract/reply';
import { ClientConfigService } from './client-config.service';
import { ConfigDto } from './dto/client-config.dto';
import { Public } from './public.decorator';

/** So long a change of the configuration may go unnoticed. */
const CACHE_CONTROL = 'public, max-age=300';

@ApiTags('auth')
@Public()
@ApiController('auth/config')
export class ClientConfigController {
  constructor(private readonly settings: ClientConfigService) {}

  @Operation(
    'What a client must know to show a form. Good for five minutes in any cache.',
    200,
    ConfigDto,
  )
  @Get()
  @ApiNotModifiedResponse({ description: 'It is what `If-None-Match` names.' })
  read(
    @Headers('if-none-match') known: string | undefined,
    @Res({ passthrough: true }) reply: Reply,
  ): ConfigDto | undefined {
    const { config, etag } = this.settings;
    reply.header('cache-control', CACHE_CONTROL);
    reply.header('etag', etag);
    if (known && isNamedBy(known, etag)) return void reply.status(HttpStatus.NOT_MODIFIED);
    return config;
  }
}
