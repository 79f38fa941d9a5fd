import type * as Swagger from '@nestjs/swagger';

/** What our DTOs become. */
interface Schema {
  readonly required?: string[];
  readonly properties: Record<string, { readonly example?: unknown }>;
}

interface Media {
  readonly schema: { readonly $ref: string };
  example?: object;
}

interface Operation {
  readonly requestBody?: { readonly content: Record<string, Media> };
}

/** What pages fill in for whoever tries a route: required fields only, where they would invent a value for each. */
export function giveRequestExamples(document: Swagger.OpenAPIObject): Swagger.OpenAPIObject {
  const schemas = document.components!.schemas as Record<string, Schema>;
  const paths: Record<string, Operation>[] = Object.values(document.paths) as never;
  for (const { requestBody } of paths.flatMap((path) => Object.values(path))) {
    for (const media of Object.values(requestBody?.content ?? {})) {
      media.example = exampleOf(schemas[media.schema.$ref.replace(/^.*\//, '')]!);
    }
  }
  return document;
}

/** Of a body without required fields, its first one. */
function exampleOf({ required, properties }: Schema): object {
  const fields = required ?? Object.keys(properties).slice(0, 1);
  return Object.fromEntries(fields.map((field) => [field, properties[field]!.example]));
}
