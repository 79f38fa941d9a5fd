import { Module } from '@nestjs/common';
import { ChangesService } from './changes.service';
import { NumberRefsService } from './number-refs.service';

/** Whoever changes something takes it, commands too: nothing here runs in the background. */
@Module({
  providers: [ChangesService, NumberRefsService],
  exports: [ChangesService, NumberRefsService],
})
export class AuditModule {}
