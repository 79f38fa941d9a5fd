import { Body, Controller, Get, NotFoundException, Post, UseGuards } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { CurrentUser, JwtAuthGuard, type Principal } from '@tandem/nest';
import type { Repository } from 'typeorm';
import { NewUserDto } from './new-user.dto';
import { User } from './user.entity';

@Controller('shop')
export class ShopController {
  constructor(@InjectRepository(User) private readonly users: Repository<User>) {}

  @Get('users')
  list(): Promise<User[]> {
    return this.users.find();
  }

  @Post('users')
  add(@Body() { email }: NewUserDto): Promise<User> {
    return this.users.save({ email });
  }

  @UseGuards(JwtAuthGuard)
  @Get('orders')
  orders(@CurrentUser() user: Principal) {
    return { user_id: user.userId, orders: [] };
  }

  @Get('sold-out')
  soldOut(): never {
    throw new NotFoundException('Sold out.');
  }

  @Get('broken')
  broken(): never {
    throw new Error('A fault of the shop');
  }
}
