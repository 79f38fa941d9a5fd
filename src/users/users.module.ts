import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AuditModule } from '../audit/audit.module';
import { MobileChange } from './mobile-change.entity';
import { NoticesService } from './notices/notices.service';
import { NumberTiesService } from './number-ties.service';
import { PasswordPolicyService } from './password-policy.service';
import { PasswordsService } from './passwords.service';
import { PrivilegesService } from './privileges.service';
import { TermsService } from './terms.service';
import { User } from './user.entity';
import { UserProfile } from './user-profile.entity';
import { TANDEM } from '../storage/tandem';
import { UserCredentialsService } from './user-credentials.service';
import { UsersService } from './users.service';

@Module({
  imports: [AuditModule, TypeOrmModule.forFeature([MobileChange, User, UserProfile], TANDEM)],
  providers: [
    NoticesService,
    NumberTiesService,
    PasswordPolicyService,
    PasswordsService,
    PrivilegesService,
    TermsService,
    UserCredentialsService,
    UsersService,
  ],
  exports: [
    NoticesService,
    NumberTiesService,
    PasswordsService,
    PrivilegesService,
    TermsService,
    TypeOrmModule,
    UserCredentialsService,
    UsersService,
  ],
})
export class UsersModule {}
