import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { PasswordPolicyService } from './password-policy.service';
import { PasswordsService } from './passwords.service';
import { User } from './user.entity';
import { UserProfile } from './user-profile.entity';
import { TANDEM } from '../storage/tandem';
import { UsersService } from './users.service';

@Module({
  imports: [TypeOrmModule.forFeature([User, UserProfile], TANDEM)],
  providers: [PasswordPolicyService, PasswordsService, UsersService],
  exports: [PasswordsService, TypeOrmModule, UsersService],
})
export class UsersModule {}
