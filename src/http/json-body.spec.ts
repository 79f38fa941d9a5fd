import type { ApiException } from '../common/errors';
import { parseJsonBody } from './json-body';

const bytes = (text: string) => Buffer.from(text);

/** What a caller is told about a body. */
function problemOf(body: Buffer): unknown {
  try {
    return parseJsonBody(body);
  } catch (error) {
    return (error as ApiException).getResponse();
  }
}

describe('parseJsonBody', () => {
  it('reads an object', () => {
    const text = '{"text":"😀","list":[{"a":1},{"a":2}],"nothing":null}';

    expect(parseJsonBody(bytes(text))).toEqual(JSON.parse(text));
  });

  it('takes no bytes for no body', () => {
    expect(parseJsonBody(Buffer.alloc(0))).toBeUndefined();
  });

  it.each([
    ['{', 'the body must be valid JSON'],
    ['{"a":1}{', 'the body must be valid JSON'],
    ['null', 'the body must be a JSON object'],
    ['[{"a":1}]', 'the body must be a JSON object'],
    ['"{}"', 'the body must be a JSON object'],
    ['{"a":1,"a":1}', 'a key is given twice'],
    ['{"a":1,"\\u0061":2}', 'a key is given twice'],
    ['{"a":[{"b":{"c":1,"c":1}}]}', 'a key is given twice'],
    ['{"__proto__":{}}', '__proto__ must not be a key'],
    ['{"\\u005f_proto__":{}}', '__proto__ must not be a key'],
    ['{"a":[{"constructor":1}]}', 'constructor must not be a key'],
    ['{"a":[[[[[[[[]]]]]]]]}', 'the body is nested too deeply'],
  ])('refuses %s and says why', (text, problem) => {
    expect(problemOf(bytes(text))).toMatchObject({ message: [problem] });
  });

  it('refuses bytes that are not UTF-8', () => {
    expect(problemOf(Buffer.from('{"a":"\xff"}', 'latin1'))).toMatchObject({
      message: ['the body must be UTF-8'],
    });
  });

  it('lets siblings share a key', () => {
    expect(problemOf(bytes('{"a":{"b":1},"c":{"b":1},"b":[{"b":1},{"b":1}]}'))).toEqual({
      a: { b: 1 },
      c: { b: 1 },
      b: [{ b: 1 }, { b: 1 }],
    });
  });
});
