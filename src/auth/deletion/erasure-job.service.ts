import { Injectable } from '@nestjs/common';
import { LeasedJobsService } from '../../events/leased-jobs.service';
import { ErasureService } from './erasure.service';

const LOOK_MS = 10_000;
const TRACES_MS = 10 * 60_000;

/** Has users erased when their time has come, on one node at a time. */
@Injectable()
export class ErasureJobService {
  constructor(erasure: ErasureService, jobs: LeasedJobsService) {
    jobs.every('erasure', LOOK_MS, () => erasure.eraseDue());
    jobs.every('traces of erased users', TRACES_MS, () => erasure.eraseTraces());
  }
}
