import { applyDecorators, Controller, UseFilters, UsePipes, VERSION_NEUTRAL } from '@nestjs/common';
import { ROUTE_ARGS_METADATA } from '@nestjs/common/constants';
import { RouteParamtypes } from '@nestjs/common/enums/route-paramtypes.enum';
import { bodyPipe } from './body.pipe';
import { ErrorFilter } from './error.filter';
import { FORM } from './form.decorator';
import { OF_TANDEM } from './route-collisions.service';

/** Marks the handlers that read no body: whatever comes along is none of their trouble. */
export const WITHOUT_BODY = 'tandem:without-body';

/**
 * A controller of Tandem: it brings its own errors and its own judgement of bodies into any application, and keeps its
 * path where the routes of the application have versions.
 */
export function ApiController(path: string): ClassDecorator {
  return applyDecorators(
    Controller({ path, version: VERSION_NEUTRAL }),
    UseFilters(ErrorFilter),
    UsePipes(bodyPipe),
    markHandlers,
  );
}

/** Nest hands the metadata of a method to the router. */
function markHandlers(controller: Function): void {
  const handlers = Object.entries(Object.getOwnPropertyDescriptors(controller.prototype));
  for (const [name, { value }] of handlers) {
    if (typeof value !== 'function') continue;
    Reflect.defineMetadata(OF_TANDEM, true, value);
    const isRead = readsBody(controller, name) || Reflect.hasMetadata(FORM, value);
    if (!isRead) Reflect.defineMetadata(WITHOUT_BODY, true, value);
  }
}

/** Nest names a parameter by its kind and its index. */
function readsBody(controller: Function, method: string): boolean {
  const parameters: object = Reflect.getMetadata(ROUTE_ARGS_METADATA, controller, method) ?? {};
  return Object.keys(parameters).some((name) => name.startsWith(`${RouteParamtypes.BODY}:`));
}
