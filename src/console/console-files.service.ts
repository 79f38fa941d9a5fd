import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { Injectable } from '@nestjs/common';
import { ApiException } from '../common/errors';
import { Env } from '../config/env';

/** Where the build puts them. */
const FOLDER = join(__dirname, '../../dist/console-pages');
const TYPES: Record<string, string> = {
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
};

interface File {
  readonly type: string;
  readonly content: Buffer;
  readonly gzipped: Buffer;
}

/** The files of the console. They are few and small: read once, and compressed once. */
@Injectable()
export class ConsoleFilesService {
  readonly page: string;
  private readonly files: ReadonlyMap<string, File>;

  constructor({ PUBLIC_URL }: Env) {
    const base = PUBLIC_URL ? new URL(PUBLIC_URL).pathname.replace(/\/+$/, '') : '';
    const page = readFileSync(join(FOLDER, 'index.html'), 'utf8');
    this.page = page.replaceAll('{base}', base.replaceAll('&', '&amp;'));
    const names = readdirSync(join(FOLDER, 'assets'));
    this.files = new Map(names.map((name) => [name, read(name)]));
  }

  /** @throws ApiException `NOT_FOUND`. */
  find(name: string): File {
    const file = this.files.get(name);
    if (!file) throw new ApiException('NOT_FOUND');
    return file;
  }
}

function read(name: string): File {
  const content = readFileSync(join(FOLDER, 'assets', name));
  const type = TYPES[name.slice(name.lastIndexOf('.') + 1)] ?? 'application/octet-stream';
  return { type, content, gzipped: gzipSync(content, { level: 9 }) };
}
