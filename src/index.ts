/** What a host application may import. */
export { AuthModule } from './auth/auth.module';
export { LoginRefusedException, TANDEM_HOOKS, type TandemHooks } from './auth/hooks';
export { JwtAuthGuard } from './auth/jwt-auth.guard';
export { Public } from './auth/public.decorator';
export { Roles, RolesGuard } from './auth/roles.guard';
export { RefreshTokenGuard } from './auth/refresh-token.guard';
export { TokenService } from './auth/token.service';
export {
  CurrentUser,
  type Principal,
  type RefreshPrincipal,
} from './contract/current-user.decorator';
export type { ComposedEvent as TandemEvent } from './events/event-composer.service';
export type { EventType } from './events/event-types';
export { OnTandemEvent } from './events/on-tandem-event.decorator';
export { TANDEM } from './storage/tandem';
export type {
  TandemAsyncOptions,
  TandemConfiguration,
  TandemOptions,
  TandemRoutes,
  TandemSettings,
} from './tandem-options';
export { TandemModule } from './tandem.module';
export { UserProfile } from './users/user-profile.entity';
export { User } from './users/user.entity';
export { UsersModule } from './users/users.module';
export { UsersService } from './users/users.service';
