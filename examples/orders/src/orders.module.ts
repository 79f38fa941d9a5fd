import { type DynamicModule, Module } from '@nestjs/common';
import { OrdersController } from './orders.controller';
import { RevocationsService } from './revocations.service';
import { Settings } from './settings';

@Module({})
export class OrdersModule {
  static forRoot(settings: Settings): DynamicModule {
    return {
      module: OrdersModule,
      controllers: [OrdersController],
      providers: [RevocationsService, { provide: Settings, useValue: settings }],
    };
  }
}
