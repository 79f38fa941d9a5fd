import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { TandemModule } from '@tandem/nest';
import { DataSource } from 'typeorm';
import { CreateUsers1700000000000 } from './create-users.migration';
import { ShopController } from './shop.controller';
import { User } from './user.entity';

@Module({
  imports: [
    TypeOrmModule.forRoot({
      type: 'better-sqlite3',
      driver: require('libsql'),
      database: 'shop.sqlite',
      entities: [User],
      migrations: [CreateUsers1700000000000],
      migrationsRun: true,
    }),
    TypeOrmModule.forFeature([User]),
    TandemModule.forRootAsync({
      inject: [DataSource],
      useFactory: (dataSource: DataSource) => ({ NODE_ENV: 'development', dataSource }),
    }),
  ],
  controllers: [ShopController],
})
export class AppModule {}
