import type * as Swagger from '@nestjs/swagger';

type Decorate = (...place: unknown[]) => void;
type Decorators = Record<string, (...options: unknown[]) => Decorate>;

const waiting: ((decorators: Decorators) => void)[] = [];

const late = {
  /** Otherwise `import * as` would copy what is here, and ask for nothing else. */
  __esModule: true,

  /** `@nestjs/swagger`, with all that the decorators say in place. */
  load(): typeof Swagger {
    const swagger = require('@nestjs/swagger') as typeof Swagger;
    // One at a time: where one throws, the others still wait for the next call.
    while (waiting.length > 0) waiting.shift()!(swagger as unknown as Decorators);
    return swagger;
  },
};

/**
 * Stands for `@nestjs/swagger` in what is built (`scripts/openapi-plugin.cjs`): its five hundred files are a seventh of a
 * start, and of no use before somebody asks for the docs. Each `@Api…` decorator is noted here until then. Whatever
 * else it exports, like `PartialType`, works as well, but loads it at once.
 */
export = new Proxy(late, {
  get(own, name) {
    if (String(name).startsWith('Api')) return noting(String(name));
    return Reflect.get(own, name) ?? Reflect.get(own.load(), name);
  },
});

const noting =
  (name: string) =>
  (...options: unknown[]): Decorate =>
  (...place) =>
    void waiting.push((decorators) => decorators[name]!(...options)(...place));
