import { Get, Headers, Param, Res, StreamableFile, UseGuards } from '@nestjs/common';
import { Public } from '../auth/public.decorator';
import { ApiController } from '../contract/api-controller.decorator';
import type { Reply } from '../contract/reply';
import { ConsoleFilesService } from './console-files.service';
import { ConsoleHostGuard } from './console-host.guard';
import { ASSET_HEADERS, PAGE_HEADERS } from './page-headers';

/** The pages of operators: files that anybody may have, and that get what they show from `/admin`. */
@Public()
@UseGuards(ConsoleHostGuard)
@ApiController('console')
export class ConsoleController {
  constructor(private readonly files: ConsoleFilesService) {}

  @Get(['', ':screen', ':screen/:id'])
  page(@Res({ passthrough: true }) reply: Reply): string {
    for (const [name, value] of Object.entries(PAGE_HEADERS)) reply.header(name, value);
    return this.files.page;
  }

  @Get('assets/:file')
  asset(
    @Param('file') file: string,
    @Headers('accept-encoding') accepted: string | undefined,
    @Res({ passthrough: true }) reply: Reply,
  ): StreamableFile {
    const { type, content, gzipped } = this.files.find(file);
    for (const [name, value] of Object.entries(ASSET_HEADERS)) reply.header(name, value);
    const isGzipped = /\bgzip\b/.test(accepted ?? '');
    if (isGzipped) reply.header('content-encoding', 'gzip');
    return new StreamableFile(isGzipped ? gzipped : content, { type });
  }
}
