import { execFileSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import ts from 'typescript';

const ROOT = resolve(__dirname, '../..');
const FOLDER = 'src/http';

const plugin = require('../../scripts/openapi-plugin.cjs') as {
  before(options: object, program: ts.Program): ts.TransformerFactory<ts.SourceFile>;
};

/** What the build makes of a source. */
function built(source: string): string {
  const { config } = ts.readConfigFile(join(ROOT, 'tsconfig.json'), ts.sys.readFile.bind(ts.sys));
  const { options } = ts.parseJsonConfigFileContent({ ...config, files: [] }, ts.sys, ROOT);
  // As fast as can be: the types of others change nothing here.
  const alone = { ...options, noLib: true, noResolve: true, types: [], sourceMap: false };
  const host = ts.createCompilerHost(alone);
  host.getSourceFile = (name, version) => ts.createSourceFile(name, source, version, true);
  const program = ts.createProgram([join(ROOT, FOLDER, 'parcel.dto.ts')], alone, host);
  let output = '';
  const before = [plugin.before({}, program)];
  program.emit(undefined, (_, text) => (output = text), undefined, false, { before });
  return output;
}

/** What is documented of `Parcel` before and after the docs are asked for, in Node itself: Jest makes modules its own way. */
function documented(source: string): unknown {
  const code = `require('reflect-metadata');
    ${built(source)}
    const documented = () => [
      Reflect.getMetadata('swagger/apiUseTags', exports.Parcel)?.[0],
      Reflect.getMetadata('swagger/apiModelProperties', exports.Parcel.prototype, 'weight')?.type,
    ].map(String);
    const before = documented();
    require('./late-swagger').load();
    console.log(JSON.stringify({ before, after: documented() }));`;
  const cwd = join(ROOT, 'dist', FOLDER);
  return JSON.parse(execFileSync(process.execPath, ['-e', code], { cwd, encoding: 'utf8' }));
}

describe('the build, where a source imports @nestjs/swagger', () => {
  it.each([
    ['by name', 'import { ApiProperty, ApiTags } from ...', 'ApiTags', 'ApiProperty'],
    ['renamed', 'import { ApiProperty as Prop, ApiTags as Tags } from ...', 'Tags', 'Prop'],
    ['as a namespace', 'import * as api from ...', 'api.ApiTags', 'api.ApiProperty'],
    ['by require', 'import api = require(...)', 'api.ApiTags', 'api.ApiProperty'],
  ])('%s, keeps its decorators until the docs are asked for', (_, line, tags, property) => {
    const source = `${line.replace('...', "'@nestjs/swagger'")};
      @${tags}('post')
      export class Parcel {
        @${property}({ type: 'integer' })
        weight!: number;
      }`;

    expect(documented(source)).toEqual({
      before: ['undefined', 'undefined'],
      after: ['post', 'integer'],
    });
  });

  it('for more than decorators, gives it at once, with the decorators so far', () => {
    const source = `import { ApiProperty, ApiTags, PartialType } from '@nestjs/swagger';
      class Whole {
        @ApiProperty({ type: 'integer' })
        weight!: number;
      }
      @ApiTags('post')
      export class Parcel extends PartialType(Whole) {}`;

    expect(documented(source)).toEqual({
      before: ['undefined', 'integer'],
      after: ['post', 'integer'],
    });
  });
});
