import { Controller, Get, UseGuards } from '@nestjs/common';
import { CurrentUser, type Principal, TandemGuard } from '@tandem/verifier';

@Controller('orders')
@UseGuards(TandemGuard)
export class OrdersController {
  @Get()
  list(@CurrentUser() user: Principal) {
    return { user_id: user.userId, orders: [] };
  }
}
