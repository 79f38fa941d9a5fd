import {
  applyDecorators,
  type CallHandler,
  type ExecutionContext,
  type NestInterceptor,
  SetMetadata,
  UseInterceptors,
} from '@nestjs/common';
import { malformed } from './api-errors.decorator';
import { requestOf } from './request';

/** The parameters of the form that a route takes: where none stand, it takes none. */
export const FORM = 'tandem:form';

/** What {@link Form} has picked, for handlers that read it as it is: text, each that is there. */
export type FormFields = Readonly<Partial<Record<string, string>>>;

const FORM_TYPE = /^application\/x-www-form-urlencoded\b/i;

/** Lets a route read `names` from a form, whichever parser the application has for forms. */
export function Form(...names: string[]): MethodDecorator {
  return applyDecorators(SetMetadata(FORM, names), UseInterceptors(new FormInterceptor(names)));
}

/**
 * Picks the parameters. Others are ignored, as RFC 6749 asks in section 3.2.
 *
 * @throws ApiException `VALIDATION_FAILED` for a parameter that is given twice (the same section): parsers make a list of it.
 *   And for one that is no text, as JSON and the parsers of some hosts have it: pages show what was typed again.
 */
class FormInterceptor implements NestInterceptor {
  constructor(private readonly names: readonly string[]) {}

  intercept(context: ExecutionContext, next: CallHandler) {
    const request = requestOf(context);
    if (request.body && FORM_TYPE.test(request.headers['content-type'] ?? '')) {
      const parameters = Object.entries(request.body);
      if (parameters.some(([, value]) => Array.isArray(value))) throw givenTwice();
      request.body = Object.fromEntries(parameters.filter(([name]) => this.names.includes(name)));
    }
    const given = Object(request.body) as Record<string, unknown>;
    const odd = this.names.find(
      (name) => given[name] !== undefined && typeof given[name] !== 'string',
    );
    if (odd !== undefined) throw malformed(`${odd} must be a string`);
    return next.handle();
  }
}

export const givenTwice = () => malformed('a parameter is given twice');
