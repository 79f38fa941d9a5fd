import { type DynamicModule, Module } from '@nestjs/common';
import { TandemVerifierModule, type TandemVerifierOptions } from '@tandem/verifier';
import { OrdersController } from './orders.controller';

@Module({})
export class OrdersModule {
  static forRoot(tandem: TandemVerifierOptions): DynamicModule {
    return {
      module: OrdersModule,
      imports: [TandemVerifierModule.forRoot(tandem)],
      controllers: [OrdersController],
    };
  }
}
