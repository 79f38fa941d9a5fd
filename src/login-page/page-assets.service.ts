import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Injectable } from '@nestjs/common';
import { Env } from '../config/env';
import { styleSheet } from './style';

/** Where the build puts the scripts. */
const FOLDER = join(__dirname, '../../dist/login-page/assets');

export interface Asset {
  readonly type: string;
  readonly content: string;
  /** Whether it is what its name was made from, and not what came after that. */
  readonly isExact: boolean;
}

/** What the pages load. Names change with what is in them, so that browsers may keep each for ever. */
@Injectable()
export class PageAssetsService {
  readonly styleSheet: string;
  /** None where the server was not built: the pages work without. */
  readonly script?: string;
  private readonly contents: ReadonlyMap<string, string>;

  constructor({ LOGIN_COLOR }: Env) {
    const sheet = styleSheet(LOGIN_COLOR);
    this.styleSheet = `style-${hashOf(sheet)}.css`;
    this.contents = new Map([[this.styleSheet, sheet], ...scripts()]);
    this.script = [...this.contents.keys()].find((name) => stemOf(name) === 'login.js');
  }

  /** While a release is rolled out, a page of one node loads from another, which has the same under another name. */
  find(asked: string): Asset | undefined {
    const stem = stemOf(asked);
    const name = this.contents.has(asked)
      ? asked
      : [...this.contents.keys()].find((one) => stemOf(one) === stem);
    if (name === undefined) return undefined;
    const type = name.endsWith('.css') ? 'text/css' : 'text/javascript';
    return { type, content: this.contents.get(name)!, isExact: name === asked };
  }
}

function scripts(): [string, string][] {
  if (!existsSync(FOLDER)) return [];
  return readdirSync(FOLDER).map((name) => [name, readFileSync(join(FOLDER, name), 'utf8')]);
}

const hashOf = (text: string) => createHash('sha256').update(text).digest('base64url').slice(0, 12);

/** `login-K7QHO2PZ.js` → `login.js`. */
const stemOf = (name: string) => name.replace(/-[\w-]+\./, '.');
