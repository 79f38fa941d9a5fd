import { type ExecutionContext, Injectable } from '@nestjs/common';
import { NumberRefsService } from '../audit/number-refs.service';
import type { E164 } from '../common/phone-number';
import { type HttpRequest, requestOf } from '../contract/request';

/** What an operator asked for, as the audit tells it. */
export interface OperatorCall {
  readonly route: string;
  /** The id of a user, an endpoint, a block. */
  readonly target?: string;
  readonly mobile?: E164;
}

type Fields = Readonly<Record<string, unknown>>;

interface AdminRequest extends HttpRequest {
  readonly params?: Fields;
  readonly query?: Fields;
}

/** Ids and what stands for a block. */
const TARGET = /^[\w-]{1,22}$/;

/** Says of a call to `/admin` whom it is about, before its DTO has judged anything. */
@Injectable()
export class OperatorCallsService {
  constructor(private readonly refs: NumberRefsService) {}

  of(context: ExecutionContext): OperatorCall {
    const { params, query, body } = requestOf(context) as AdminRequest;
    const fields: Fields = { ...Object(query), ...Object(body), ...params };
    return {
      route: routeOf(context),
      target: [fields.id, fields.scope, fields.user].find(isTarget),
      mobile: this.mobileOf(fields.number_ref),
    };
  }

  private mobileOf(ref: unknown): E164 | undefined {
    return (typeof ref === 'string' && this.refs.read(ref)) || undefined;
  }
}

const isTarget = (value: unknown): value is string =>
  typeof value === 'string' && TARGET.test(value);

/** By the names in the source: a path may hold an id. */
const routeOf = (context: ExecutionContext) =>
  `${context.getClass().name.replace(/^Admin|Controller$/g, '')}.${context.getHandler().name}`;
