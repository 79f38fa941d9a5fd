import { Module } from '@nestjs/common';
import { ConsoleController } from './console.controller';
import { ConsoleFilesService } from './console-files.service';
import { ConsoleHostGuard } from './console-host.guard';

/** `/console`, where `CONSOLE` is on. */
@Module({
  controllers: [ConsoleController],
  providers: [ConsoleFilesService, ConsoleHostGuard],
})
export class ConsoleModule {}
