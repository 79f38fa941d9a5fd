import {
  BadRequestException,
  ConflictException,
  Controller,
  ForbiddenException,
  Get,
  HttpException,
  Param,
  ParseIntPipe,
  ServiceUnavailableException,
  UnauthorizedException,
  UseGuards,
} from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { Column, DataSource, Entity, EntityMetadataNotFoundError, PrimaryColumn } from 'typeorm';
import { Public } from '../../src/auth/public.decorator';
import { adviceOn } from '../../src/contract/error-log';
import { TANDEM } from '../../src/storage/tandem';
import { expectRefusal } from '../support/refusal';
import { TestApp } from '../support/test-app';

/** What the controller throws, by its name in the path. */
const THROWN: Record<string, () => unknown> = {
  conflict: () => new ConflictException('Order 7 is already paid'),
  list: () => new BadRequestException(['amount must be positive']),
  custom: () => new HttpException({ code: 'PAID', order: { id: 7 } }, 422),
  text: () => new HttpException('Order 7 is locked', 423),
  unavailable: () => new ServiceUnavailableException('The till is closed until nine'),
  unknown: () => new Error('secret of the till'),
  network: () => Object.assign(new Error('connect'), { code: 'ECONNREFUSED' }),
  unauthorized: () => new UnauthorizedException('Show your card'),
};

class AdultsOnly {
  canActivate(): never {
    throw new ForbiddenException('For adults only');
  }
}

@Entity()
class Order {
  @PrimaryColumn()
  id!: string;

  @Column()
  total!: number;
}

@Public()
@Controller('orders')
class OrdersController {
  constructor(@InjectDataSource(TANDEM) private readonly dataSource: DataSource) {}

  @Get('wine')
  @UseGuards(AdultsOnly)
  wine(): void {}

  @Get('unregistered')
  unregistered(): Promise<Order[]> {
    return this.dataSource.getRepository(Order).find();
  }

  @Get('count/:count')
  count(@Param('count', ParseIntPipe) count: number): { count: number } {
    return { count };
  }

  @Get(':name')
  pay(@Param('name') name: string): never {
    throw THROWN[name]!();
  }
}

describe('a controller beside those of Tandem', () => {
  let app: TestApp;

  beforeAll(async () => {
    app = await TestApp.start({ controllers: [OrdersController] });
  });
  afterAll(() => app.close());

  it.each([
    ['conflict', 409, { message: 'Order 7 is already paid', error: 'Conflict', statusCode: 409 }],
    ['list', 400, { message: ['amount must be positive'], error: 'Bad Request', statusCode: 400 }],
    ['custom', 422, { code: 'PAID', order: { id: 7 } }],
    ['text', 423, { statusCode: 423, message: 'Order 7 is locked' }],
    [
      'unavailable',
      503,
      {
        message: 'The till is closed until nine',
        error: 'Service Unavailable',
        statusCode: 503,
      },
    ],
    ['wine', 403, { message: 'For adults only', error: 'Forbidden', statusCode: 403 }],
    [
      'count/many',
      400,
      {
        message: 'Validation failed (numeric string is expected)',
        error: 'Bad Request',
        statusCode: 400,
      },
    ],
  ])(
    'is answered what it throws on purpose, with the name of the request: %s',
    async (path, status, body) => {
      const answer = await app.get(`/orders/${path}`);

      expect(answer.status).toBe(status);
      expect(answer.body).toEqual({
        ...body,
        request_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      });
    },
  );

  it('gets a challenge with a 401 of its own', async () => {
    const { status, headers, body } = await app.get('/orders/unauthorized');

    expect([status, body.message]).toEqual([401, 'Show your card']);
    expect(headers.get('www-authenticate')).toBe('Bearer');
  });

  it('tells nothing of what it did not mean to throw', async () => {
    expectRefusal(await app.get('/orders/unknown'), 'INTERNAL');
    expectRefusal(await app.get('/orders/network'), 'UNAVAILABLE');
    expectRefusal(await app.get('/orders/7/items'), 'NOT_FOUND');
    expectRefusal(await app.post('/orders/7'), 'NOT_FOUND');
  });

  it('fails with 500 for an entity that nobody registered, and the log says what to do', async () => {
    expectRefusal(await app.get('/orders/unregistered'), 'INTERNAL');
    expect(adviceOn(new EntityMetadataNotFoundError(Order))).toContain(
      'TypeOrmModule.forFeature()',
    );
  });
});
