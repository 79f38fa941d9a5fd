import Ajv, { type ErrorObject, type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';
import type { Answer, Client } from './client';

/** A part of JSON Schema, which is all that our documents use. */
export interface Schema {
  $ref?: string;
  type?: string;
  properties?: Record<string, Schema>;
  required?: string[];
  enum?: unknown[];
  example?: unknown;
  format?: string;
  pattern?: string;
  minLength?: number;
  maxLength?: number;
  nullable?: boolean;
}

export interface Parameter {
  name: string;
  in: 'path' | 'query' | 'header';
  schema: Schema;
}

interface Operation {
  parameters?: Parameter[];
  requestBody?: { content: Record<string, { schema: Schema }> };
  security?: Record<string, unknown>[];
  responses: Record<string, Response>;
}

interface Response {
  content?: Record<string, { schema: { allOf?: { properties?: Properties }[] } }>;
  headers?: Record<string, unknown>;
}

type Properties = Record<string, { enum?: string[] }>;

interface Document {
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Schema & { additionalProperties?: boolean }> };
}

/** The OpenAPI document that a server serves, and whether its answers keep to it. */
export class ApiDocument {
  private readonly ajv = addFormats(new Ajv({ strict: false, allErrors: true }));

  private readonly validators = new Map<string, ValidateFunction>();

  private constructor(private readonly document: Document) {
    for (const schema of Object.values(document.components.schemas)) {
      if (schema.properties) schema.additionalProperties = false;
    }
    this.ajv.addSchema(document, 'api');
  }

  static async of(server: Client): Promise<ApiDocument> {
    return new ApiDocument((await server.get('/docs-json')).body);
  }

  /** `GET /users/me`, for every operation. */
  get operations(): string[] {
    return Object.entries(this.document.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
  }

  /** `200`, or `403 USER_DISABLED`, for everything that an operation may answer. */
  outcomes(operation: string): string[] {
    return Object.entries(this.responses(operation)).flatMap(([status, { content }]) => {
      const codes = content?.['application/json']?.schema.allOf?.[1]?.properties?.errorCode?.enum;
      return codes?.map((code) => `${status} ${code}`) ?? [status];
    });
  }

  /** What an operation takes: parameters, the fields of a body with its media type, and one of some credentials. */
  requestOf(operation: string) {
    const { parameters = [], requestBody, security = [] } = this.operation(operation);
    const [[type, { schema }] = [undefined, { schema: undefined }]] = Object.entries(
      requestBody?.content ?? {},
    );
    return {
      parameters,
      type,
      body: schema && this.resolve(schema),
      schemes: security.flatMap((scheme) => Object.keys(scheme)),
    };
  }

  /** What the document does not know about an answer. */
  problems(operation: string, { status, headers, body }: Answer): string[] {
    const response = this.responses(operation)[status];
    if (!response) return [`the status ${status}`];
    const missing = Object.keys(response.headers ?? {}).filter((name) => !headers.has(name));
    return [
      ...missing.map((name) => `no header ${name}`),
      ...this.contentProblems(operation, String(status), headers.get('content-type'), body),
    ];
  }

  private contentProblems(
    operation: string,
    status: string,
    contentType: string | null,
    body: unknown,
  ): string[] {
    const { content } = this.responses(operation)[status]!;
    if (!content) return body === '' ? [] : ['a body'];
    const type = contentType?.split(';')[0] ?? '';
    if (!content[type] || !/; *charset=utf-8$/i.test(contentType!)) {
      return [`the content type ${contentType}`];
    }
    const [method, path] = operation.split(' ') as [string, string];
    const validate = this.validatorOf(
      pointer('paths', path, method.toLowerCase(), 'responses', status, 'content', type, 'schema'),
    );
    return validate(body) ? [] : validate.errors!.map(describe);
  }

  private validatorOf(place: string): ValidateFunction {
    const validator = this.validators.get(place) ?? this.ajv.compile({ $ref: `api#${place}` });
    this.validators.set(place, validator);
    return validator;
  }

  private responses(operation: string): Record<string, Response> {
    return this.operation(operation).responses;
  }

  private operation(operation: string): Operation {
    const [method, path] = operation.split(' ') as [string, string];
    return this.document.paths[path]![method.toLowerCase()]!;
  }

  private resolve(schema: Schema): Schema {
    const name = schema.$ref?.replace('#/components/schemas/', '');
    return name ? this.document.components.schemas[name]! : schema;
  }
}

const pointer = (...steps: string[]) =>
  steps.map((step) => `/${step.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');

const describe = ({ instancePath, message, params }: ErrorObject) =>
  `${instancePath} ${message} ${JSON.stringify(params)}`;
