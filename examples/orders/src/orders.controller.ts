import { Controller, Get, Req, UseGuards } from '@nestjs/common';
import { TandemGuard } from './tandem.guard';

@Controller('orders')
@UseGuards(TandemGuard)
export class OrdersController {
  @Get()
  list(@Req() { user }: { user: { sub: string } }) {
    return { user_id: user.sub, orders: [] };
  }
}
