import { isUtf8 } from 'node:buffer';
import { type JSONVisitor, visit } from 'jsonc-parser';
import { ApiException } from '../common/errors';

/** Far more than any body of the contract needs, far less than any parser fails at. */
const MAX_DEPTH = 8;

/**
 * Parses a JSON object, and refuses what parsers disagree about: bytes that are not UTF-8, keys given
 * twice, and keys that reach for a prototype.
 *
 * @returns undefined for no bytes: many clients name a content type for a body that they do not send.
 * @throws ApiException `VALIDATION_FAILED`.
 */
export function parseJsonBody(bytes: Buffer): object | undefined {
  if (bytes.length === 0) return undefined;
  const text = decode(bytes);
  const body = parse(text);
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw refusal('the body must be a JSON object');
  }
  visit(text, refuseAmbiguousKeys());
  return body;
}

function decode(bytes: Buffer): string {
  if (!isUtf8(bytes)) throw refusal('the body must be UTF-8');
  return bytes.toString();
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw refusal('the body must be valid JSON');
  }
}

function refuseAmbiguousKeys(): JSONVisitor {
  const scopes: Set<string>[] = [];
  const enter = () => {
    if (scopes.push(new Set()) > MAX_DEPTH) throw refusal('the body is nested too deeply');
  };
  const leave = () => void scopes.pop();
  return {
    onObjectBegin: enter,
    onObjectEnd: leave,
    onArrayBegin: enter,
    onArrayEnd: leave,
    onObjectProperty: (key) => {
      const keys = scopes.at(-1)!;
      if (keys.has(key)) throw refusal('a key is given twice');
      if (key in Object.prototype || key === 'prototype') {
        throw refusal(`${key} must not be a key`);
      }
      keys.add(key);
    },
  };
}

function refusal(problem: string): ApiException {
  return new ApiException('VALIDATION_FAILED', { message: [problem] });
}
