import Ajv, { type ErrorObject } from 'ajv';
import addFormats from 'ajv-formats';
import type { Answer, Client } from './client';

interface Response {
  content?: Record<string, { schema: { allOf?: { properties?: Properties }[] } }>;
  headers?: Record<string, unknown>;
}

type Properties = Record<string, { enum?: string[] }>;

interface Document {
  paths: Record<string, Record<string, { responses: Record<string, Response> }>>;
  components: { schemas: Record<string, { properties?: object; additionalProperties?: boolean }> };
}

/** The OpenAPI document that a server serves, and whether its answers keep to it. */
export class ApiDocument {
  private readonly ajv = addFormats(new Ajv({ strict: false, allErrors: true }));

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
    if (!content[type]) return [`the content type ${contentType}`];
    const [method, path] = operation.split(' ') as [string, string];
    const validate = this.ajv.compile({
      $ref: `api#${pointer('paths', path, method.toLowerCase(), 'responses', status, 'content', type, 'schema')}`,
    });
    return validate(body) ? [] : validate.errors!.map(describe);
  }

  private responses(operation: string): Record<string, Response> {
    const [method, path] = operation.split(' ') as [string, string];
    return this.document.paths[path]![method.toLowerCase()]!.responses;
  }
}

const pointer = (...steps: string[]) =>
  steps.map((step) => `/${step.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');

const describe = ({ instancePath, message, params }: ErrorObject) =>
  `${instancePath} ${message} ${JSON.stringify(params)}`;
