import cluster from 'node:cluster';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { RedactingLogger } from '../common/redacting-logger';

/** Shuts a worker down when the primary process was killed: nothing would restart, stop or know of it. */
@Injectable()
export class PrimaryWatchService implements OnModuleInit {
  private readonly logger = new RedactingLogger(PrimaryWatchService.name);

  onModuleInit(): void {
    const { worker } = cluster;
    worker?.once('disconnect', () => {
      this.logger.error('Primary process is gone: worker shuts down');
      // Otherwise Node exits at once and drops the requests in progress.
      worker.exitedAfterDisconnect = true;
      process.kill(process.pid, 'SIGTERM');
    });
  }
}
