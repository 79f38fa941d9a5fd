import { Get, Param, Res } from '@nestjs/common';
import { Public } from '../auth/public.decorator';
import { ApiException } from '../common/errors';
import { ApiController } from '../contract/api-controller.decorator';
import type { Reply } from '../contract/reply';
import { PageAssetsService } from './page-assets.service';

/** Style sheet and scripts of the pages. */
@Public()
@ApiController('login/assets')
export class PageAssetsController {
  constructor(private readonly assets: PageAssetsService) {}

  /** @throws ApiException `NOT_FOUND`. */
  @Get(':name')
  file(@Param('name') name: string, @Res({ passthrough: true }) reply: Reply): string {
    const asset = this.assets.find(name);
    if (!asset) throw new ApiException('NOT_FOUND');
    reply.header('content-type', `${asset.type}; charset=utf-8`);
    const kept = asset.isExact ? 'public, max-age=31536000, immutable' : 'no-store';
    reply.header('cache-control', kept);
    return asset.content;
  }
}
