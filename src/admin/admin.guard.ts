import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { callerOf } from '../contract/caller.decorator';
import type { Principal } from '../contract/current-user.decorator';
import { ApiException } from '../common/errors';
import { requestOf } from '../contract/request';
import { type Access, ACCESS } from './access';
import { leaveOperator } from './operator';
import { OperatorCallsService } from './operator-calls.service';
import { OperatorsService } from './operators.service';

/** Opens `/admin` to operators, behind `JwtAuthGuard`. A route that does not say whom it is for is for nobody. */
@Injectable()
export class AdminGuard implements CanActivate {
  constructor(
    private readonly calls: OperatorCallsService,
    private readonly operators: OperatorsService,
    private readonly reflector: Reflector,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const { user } = requestOf(context);
    const access = this.reflector.get<Access | undefined>(ACCESS, context.getHandler());
    if (!access) throw new ApiException('FORBIDDEN');
    const operator = await this.operators.admit(user as Principal, callerOf(context), access);
    await this.operators.noteCall(operator, this.calls.of(context));
    leaveOperator(context, operator);
    return true;
  }
}
