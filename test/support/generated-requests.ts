import * as fc from 'fast-check';
import { anyText } from './any-text';
import type { ApiDocument, Parameter, Schema } from './openapi';

/** Whose credentials a request carries. */
export const CALLERS = ['nobody', 'access', 'refresh', 'service', 'garbage'] as const;
export type CallerKind = (typeof CALLERS)[number];

export interface GeneratedRequest {
  caller: CallerKind;
  path: Record<string, string>;
  query: Record<string, string>;
  header: Record<string, string>;
  /** Its media type, and what it holds: the values that went into `content`. */
  body?: { type: string; content: string; fields: Record<string, unknown> };
}

const CALLER_OF_SCHEME: Record<string, CallerKind> = {
  'access-token': 'access',
  'refresh-token': 'refresh',
  'service-client': 'service',
};
const JSON_TYPE = 'application/json';
const OTHER_TYPES = ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data', ''];
const LONE_SURROGATES = ['\ud800', 'a\udc00b', '\udfff\ud800'];
const NOT_TEXT = [null, true, 0, -1, 1e308, [], {}, [''], [[[[[[[[[]]]]]]]]], { length: 1 }];

/** Requests that the document allows: what a well-behaved client sends. */
export function requestsOf(api: ApiDocument, operation: string): fc.Arbitrary<GeneratedRequest> {
  const { parameters, body, type, schemes } = api.requestOf(operation);
  const callers = schemes.map((scheme) => CALLER_OF_SCHEME[scheme]!);
  const fields =
    body && fc.record(arbitraries(body.properties, valid), { requiredKeys: body.required });
  return fc.record({
    caller: fc.constantFrom<CallerKind[]>(...(callers.length > 0 ? callers : CALLERS)),
    path: values(parameters, 'path', valid).filter(isPath),
    query: values(parameters, 'query', valid),
    header: values(parameters, 'header', validHeader),
    body: fields ? fields.map((given) => encode(type!, given)) : fc.constant(undefined),
  });
}

/** Requests of everyone who may call, by mistake or to do harm; some of them are allowed. */
export function hostileRequestsOf(
  api: ApiDocument,
  operation: string,
): fc.Arbitrary<GeneratedRequest> {
  const { parameters, body, type = JSON_TYPE } = api.requestOf(operation);
  const takesBody = !operation.startsWith('GET ');
  return fc.record({
    caller: fc.constantFrom(...CALLERS),
    path: values(parameters, 'path', any).filter(isPath),
    query: fc
      .tuple(values(parameters, 'query', any), fc.dictionary(name, text, { maxKeys: 1 }))
      .map(([known, unknown]) => ({ ...unknown, ...known })),
    header: values(parameters, 'header', anyHeader),
    body: takesBody ? fc.option(bodies(type, body), { nil: undefined }) : fc.constant(undefined),
  });
}

/** `fetch` takes these for steps to another path, as every client that follows the URL standard does. */
const isPath = (segments: Record<string, string>) =>
  Object.values(segments).every((segment) => segment !== '.' && segment !== '..');

type Make = (schema: Schema) => fc.Arbitrary<unknown>;

const valid: Make = (schema) =>
  fc.oneof(
    ...(schema.example === undefined
      ? []
      : [{ weight: 3, arbitrary: fc.constant(schema.example) }]),
    ...(schema.nullable ? [fc.constant(null)] : []),
    validText(schema),
  );

/** Of what may stand in one (RFC 9110, section 5.5). */
const anyHeader: Make = () => fc.stringMatching(/^[!-~]([ -~]{0,200}[!-~])?$/);

const validHeader: Make = ({ pattern, minLength = 1, maxLength = 40 }) =>
  fc.stringMatching(new RegExp(pattern ?? `^[!-~]{${minLength},${maxLength}}$`));

function validText({ enum: choices, pattern, format, minLength, maxLength = 40 }: Schema) {
  if (choices) return fc.constantFrom(...choices);
  if (pattern) return fc.stringMatching(new RegExp(pattern));
  if (format === 'uri') return fc.webUrl({ validSchemes: ['https'] });
  return fc.string({ minLength, maxLength: Math.min(maxLength, 40), unit: 'grapheme' });
}

/** What fits, what all but fits, and what was never meant. */
const any: Make = (schema) =>
  fc.oneof(
    { weight: 3, arbitrary: valid(schema) },
    { weight: 2, arbitrary: nearly(schema) },
    value,
  );

function nearly(schema: Schema): fc.Arbitrary<unknown> {
  const { maxLength = 64, minLength = 1 } = schema;
  const lengths = [0, minLength - 1, maxLength, maxLength + 1, 4 * maxLength, 5000];
  return fc.oneof(
    fc.constantFrom(...lengths).map((length) => 'x'.repeat(Math.max(length, 0))),
    fc
      .tuple(valid(schema), fc.nat(), text)
      .map(([fitting, at, more]) => spliced(asText(fitting), at, more)),
    valid(schema).map((fitting) => [fitting]),
  );
}

const spliced = (fitting: string, at: number, more: string) =>
  fitting.slice(0, at % (fitting.length + 1)) + more + fitting.slice(at % (fitting.length + 1));

const text: fc.Arbitrary<string> = fc.oneof(
  anyText(),
  fc.string({ unit: 'binary-ascii' }),
  fc.constantFrom(...LONE_SURROGATES),
);
const value = fc.oneof(text, fc.constantFrom(...NOT_TEXT), fc.jsonValue({ maxDepth: 3 }));
const name = fc.oneof(text, fc.constantFrom('__proto__', 'constructor', 'toString', 'length', ''));

function bodies(type: string, schema: Schema = {}): fc.Arbitrary<GeneratedRequest['body']> {
  const fields = fc
    .tuple(
      fc.record(arbitraries(schema.properties, any), { requiredKeys: [] }),
      fc.oneof(
        { weight: 4, arbitrary: fc.constant({}) },
        fc.dictionary(name, value, { maxKeys: 2 }),
      ),
    )
    .map(([known, unknown]) => ({ ...unknown, ...known }));
  const well = fields.map((given) => encode(type, given));
  return fc.oneof(
    { weight: 4, arbitrary: well },
    fc
      .tuple(well, fc.constantFrom(...OTHER_TYPES))
      .map(([body, other]) => ({ ...body, type: other })),
    fc
      .tuple(well, fc.nat(), text)
      .map(([body, at, more]) => ({ ...body, content: spliced(body.content, at, more) })),
    fc.json().map((content) => ({ type: JSON_TYPE, content, fields: {} })),
    fc.nat(20_000).map((length) => ({ type, content: '{'.padEnd(length), fields: {} })),
  );
}

/** As JSON, or as the form that an RFC asks for. */
function encode(type: string, fields: Record<string, unknown>) {
  const texts = Object.entries(fields).map(([key, given]) => [key, asText(given)]);
  const content = type === JSON_TYPE ? JSON.stringify(fields) : String(new URLSearchParams(texts));
  return { type, content, fields };
}

const asText = (given: unknown) => (typeof given === 'string' ? given : JSON.stringify(given));

const arbitraries = (schemas: Record<string, Schema> = {}, make: Make) =>
  Object.fromEntries(Object.entries(schemas).map(([key, schema]) => [key, make(schema)]));

function values(parameters: Parameter[], where: Parameter['in'], make: Make) {
  const here = parameters.filter((parameter) => parameter.in === where);
  const schemas = Object.fromEntries(here.map(({ name: key, schema }) => [key, schema]));
  const requiredKeys = where === 'path' ? Object.keys(schemas) : [];
  return fc
    .record(arbitraries(schemas, make), { requiredKeys })
    .map((given) =>
      Object.fromEntries(Object.entries(given).map(([key, one]) => [key, asText(one)])),
    );
}
