import { IsOptional, Matches } from 'class-validator';
import { Doc } from '../../contract/docs';
import { EVENT_TYPES, type EventType } from '../../events/event-types';

export class EventsQueryDto {
  @Doc(
    'The `cursor` of the answer before. Without it the feed begins with the oldest event that is kept.',
  )
  @IsOptional()
  @Matches(/^\d{1,18}$/, { message: 'after must be a cursor of an earlier answer' })
  after?: string;

  @Doc('How many at most, 1 to 1000; 100 unless it is given.', { type: 'integer' })
  @IsOptional()
  @Matches(/^([1-9]\d{0,2}|1000)$/, { message: 'limit must be a whole number from 1 to 1000' })
  limit?: string;
}

export class EventDto {
  @Doc('The same each time that the event is read or sent.', { example: 'evt_884142313217933312' })
  id!: string;
  @Doc({ enum: EVENT_TYPES, enumName: 'EventType' })
  type!: EventType;
  @Doc()
  timestamp!: Date;
  @Doc('Its place in the one order of events. No number is left out.', { example: '4711' })
  position!: string;
  @Doc(
    '`user_id` and `session_id`, what the type adds, and `mobile`: country and last two digits of the number that the user has now.',
    {
      type: 'object',
      additionalProperties: true,
    },
  )
  data!: object;
}

export class EventsDto {
  @Doc({ type: [EventDto] })
  events!: EventDto[];
  @Doc('For `after` of the next request.')
  cursor!: string;
  @Doc('Whether there is more to read at once.')
  has_more!: boolean;
  @Doc('Whether events behind `after` are not among these, since they were kept for 30 days only.')
  missed!: boolean;
}
