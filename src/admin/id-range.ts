import { MAX_ID, Snowflake } from '../common/snowflake';
import { parseTime } from '../common/time.decorator';
import type { TimesQueryDto } from './dto/page.dto';

/** The ids that a page may have. */
export interface IdRange {
  readonly from: string;
  readonly below: string;
}

/** Ids begin with the time: a part of it is a range of them. */
export function idRangeOf({ after = MAX_ID, since, until }: TimesQueryDto): IdRange {
  return {
    from: since === undefined ? '0' : lesserId(MAX_ID, firstOf(since)),
    below: until === undefined ? after : lesserId(after, firstOf(until, 1)),
  };
}

export const lesserId = (one: string, other: string) => (BigInt(one) < BigInt(other) ? one : other);

const firstOf = (time: string, later = 0) => Snowflake.firstOf(parseTime(time)!.getTime() + later);
