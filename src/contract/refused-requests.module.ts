import { Global, Module } from '@nestjs/common';
import { RefusedRequestsService } from './refused-requests.service';

/** Global: the filter of errors notes them, whatever module its controller is in. */
@Global()
@Module({ providers: [RefusedRequestsService], exports: [RefusedRequestsService] })
export class RefusedRequestsModule {}
