import { applyDecorators, Controller, UseFilters, UsePipes, VERSION_NEUTRAL } from '@nestjs/common';
import { bodyPipe } from './body.pipe';
import { ErrorFilter } from './error.filter';
import { OF_TANDEM } from './route-collisions.service';

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
function markHandlers({ prototype }: Function): void {
  for (const { value } of Object.values(Object.getOwnPropertyDescriptors(prototype))) {
    if (typeof value === 'function') Reflect.defineMetadata(OF_TANDEM, true, value);
  }
}
