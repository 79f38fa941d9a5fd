import { Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { BackgroundJobsModule } from '../common/background-jobs.module';
import { EventComposerService } from './event-composer.service';
import { EventFeedService } from './event-feed.service';
import { EventHandlersService } from './event-handlers.service';
import { LeasedJobsService } from './leased-jobs.service';
import { LeasesService } from './leases.service';
import { NodesService } from './nodes.service';
import { NumberingService } from './numbering.service';

/** What becomes of events once they are committed. */
@Module({
  imports: [BackgroundJobsModule, DiscoveryModule],
  providers: [
    EventComposerService,
    EventFeedService,
    EventHandlersService,
    LeasedJobsService,
    LeasesService,
    NodesService,
    NumberingService,
  ],
  exports: [EventComposerService, EventFeedService, LeasedJobsService, LeasesService],
})
export class EventsModule {}
