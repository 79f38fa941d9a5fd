import { IsOptional, Matches } from 'class-validator';
import { Doc } from '../../contract/docs';

/** Seconds: less than the server gives an answer. */
const LONGEST = '50';

export class EventStreamQueryDto {
  @Doc(
    'The `position` of the last event that the client has; 0 for all that are kept. Without it the stream begins with the newest 50.',
  )
  @IsOptional()
  @Matches(/^\d{1,18}$/, { message: 'after must be the position of an event' })
  after?: string;

  @Doc('Seconds until the stream ends, 0 to 50; 50 unless it is given. With 0 it ends at once.', {
    type: 'integer',
  })
  @IsOptional()
  @Matches(/^([1-4]?\d|50)$/, { message: 'wait must be a whole number from 0 to 50' })
  wait: string = LONGEST;
}
