export { CurrentUser, type Principal } from './current-user.decorator';
export { Public } from './public.decorator';
export { Revocations } from './revocations.service';
export { TandemClient, type TandemUser } from './tandem-client.service';
export { TandemGuard } from './tandem.guard';
export { TandemVerifierModule } from './tandem-verifier.module';
export type { TandemVerifierOptions } from './options';
