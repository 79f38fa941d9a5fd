import { Injectable } from '@nestjs/common';
import { InjectDataSource, InjectRepository } from '@nestjs/typeorm';
import { DataSource, In, Repository } from 'typeorm';
import { NumberRefsService } from '../audit/number-refs.service';
import { ApiException } from '../common/errors';
import { SmsDelivery } from '../sms/sms-delivery.entity';
import { byIndex, nameIn, rowsOf, select } from '../storage/queries';
import { type Integer, join, NOTHING, type Sql, sql } from '../storage/sql';
import { TANDEM } from '../storage/tandem';
import { type FilterPlan, planOf } from './delivery-filter';
import { type IdRange, idRangeOf } from './id-range';
import { DeliveryDto, type DeliveriesDto, type DeliveriesQueryDto } from './dto/sms.dto';

const PAGE = 50;
/** Rows that a page looks at, where an index does not find just what is asked for. */
const MOST_LOOKED_AT = 2000;

/** Messages, the newest first. However many there are, a page reads no more than it may look at. */
@Injectable()
export class DeliveriesService {
  private readonly table: Sql;

  constructor(
    @InjectDataSource(TANDEM) private readonly dataSource: DataSource,
    @InjectRepository(SmsDelivery, TANDEM) private readonly deliveries: Repository<SmsDelivery>,
    private readonly refs: NumberRefsService,
  ) {
    this.table = nameIn(dataSource, 'sms_deliveries');
  }

  /** @throws ApiException `NOT_FOUND` for a reference that is not ours. */
  async page({
    number_ref: ref,
    after,
    since,
    until,
    ...filter
  }: DeliveriesQueryDto): Promise<DeliveriesDto> {
    const mobile = ref === undefined ? undefined : this.refs.read(ref);
    if (mobile === null) throw new ApiException('NOT_FOUND');
    const refs = mobile && this.refs.refsOf(mobile);
    const plan = planOf({ ...filter, refs });
    const range = idRangeOf({ after, since, until });
    const [ids, end] = await Promise.all([this.fitting(plan, range), this.endOf(plan, range)]);
    const page = ids.slice(0, PAGE);
    const found = await this.read(page);
    const next = ids.length > PAGE ? page.at(-1)! : end;
    return {
      deliveries: found.map((delivery) => DeliveryDto.of(delivery)),
      has_more: next !== null,
      next,
    };
  }

  private async read(ids: readonly string[]): Promise<SmsDelivery[]> {
    if (ids.length === 0) return [];
    return this.deliveries.find({ where: { id: In(ids) }, order: { id: 'DESC' } });
  }

  /** The ids of a page and of one more. */
  private async fitting(plan: FilterPlan, range: IdRange): Promise<string[]> {
    const looked = this.lookedAt(plan, range);
    const { fits } = plan;
    const fitting =
      fits.length === 0
        ? looked
        : sql`SELECT d.id FROM (${looked}) AS looked JOIN ${this.table} d ON d.id = looked.id
            WHERE ${join(fits, ' AND ')} ORDER BY d.id DESC LIMIT ${PAGE + 1}`;
    const rows = await select(this.dataSource, rowsOf<{ id: Integer }>(fitting));
    return rows.map(({ id }) => String(id));
  }

  /** The last row that is looked at, where there may be others behind it. */
  private async endOf(plan: FilterPlan, range: IdRange): Promise<string | null> {
    if (plan.fits.length === 0) return null;
    const looked = this.lookedAt(plan, range);
    const [row] = await select(
      this.dataSource,
      rowsOf<{ last: Integer; count: Integer }>(
        sql`SELECT MIN(id) AS last, COUNT(*) AS count FROM (${looked}) AS looked`,
      ),
    );
    return Number(row!.count) < MOST_LOOKED_AT ? null : String(row!.last);
  }

  private lookedAt({ index, found, fits }: FilterPlan, { from, below }: IdRange): Sql {
    const hint = index ? byIndex(this.dataSource, index) : NOTHING;
    const most = fits.length === 0 ? PAGE + 1 : MOST_LOOKED_AT;
    const which = join([...(found ? [found] : []), sql`id >= ${from} AND id < ${below}`], ' AND ');
    return sql`SELECT id FROM ${this.table} ${hint} WHERE ${which} ORDER BY id DESC LIMIT ${most}`;
  }
}
