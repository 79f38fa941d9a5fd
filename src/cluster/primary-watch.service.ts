import cluster from 'node:cluster';
import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';

/** Ends a worker whose first process was killed: nobody would replace it, stop it, or know of it. */
@Injectable()
export class PrimaryWatchService implements OnModuleInit {
  private readonly logger = new Logger(PrimaryWatchService.name);

  onModuleInit(): void {
    const { worker } = cluster;
    worker?.once('disconnect', () => {
      this.logger.error('The first process is gone: this worker ends');
      // Otherwise Node ends it at once, with all that is under way.
      worker.exitedAfterDisconnect = true;
      process.kill(process.pid, 'SIGTERM');
    });
  }
}
