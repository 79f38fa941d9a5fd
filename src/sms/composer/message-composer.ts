import { Injectable } from '@nestjs/common';
import { CODE_LENGTH } from '../../common/code';
import type { CodePurpose } from '../../common/code-purposes';
import { Env } from '../../config/env';
import { EnvError } from '../../config/load-env';
import { chooseLocale, type Receiver } from './locale';
import { segmentsOf } from './segments';
import { type Locale, LOCALES, TEMPLATES } from './templates';

interface CodeMessage extends Receiver {
  readonly code: string;
  /** Seconds until the code stops working. */
  readonly expiresIn: number;
  /** Of a code that is for no login. */
  readonly purpose?: CodePurpose;
  /** The build of the Android app that asks, one of `ANDROID_APP_HASH`. */
  readonly app?: string;
}

interface Message {
  readonly text: string;
  /** The language of the text. */
  readonly locale: Locale;
}

interface Wording {
  readonly app: string;
  readonly code: string;
  readonly minutes: number;
}

/** Characters that no name can have: it must fit a segment of UCS-2. */
const NAME_LIMIT = 70;

const SOME_CODE = '0'.repeat(CODE_LENGTH);

/** Words the SMS of a code in the receiver's language: that of a login so that it fits one segment, and claims no more life than there is. */
@Injectable()
export class MessageComposer {
  /** @throws EnvError when `APP_NAME` is too long for that in some language. */
  constructor(private readonly env: Env) {
    if (!this.hasRoomFor(env.APP_NAME)) throw new EnvError([this.problem()]);
  }

  compose({ code, expiresIn, purpose, app, ...receiver }: CodeMessage): Message {
    const locale = chooseLocale(receiver);
    const { full, short, ...ofPurposes } = TEMPLATES[locale];
    const words = { app: this.env.APP_NAME, code, minutes: Math.floor(expiresIn / 60) };
    if (purpose) return { locale, text: this.write(ofPurposes[purpose], words, app) };
    const text = this.write(full, words, app);
    const isTrue = words.minutes > 0;
    const isWhole = isTrue && segmentsOf(text) === 1;
    return { locale, text: isWhole ? text : this.write(short, words, app) };
  }

  /**
   * The hash, by which SMS Retriever finds the app, may be anywhere in what must be at most 140 bytes
   * (developers.google.com/identity/sms-retriever/verify): one segment is. The line that browsers and iOS
   * read must be the last one (wicg.github.io/sms-one-time-codes).
   */
  private write(template: string, words: Wording, app?: string): string {
    const { WEBOTP_DOMAIN: domain } = this.env;
    const hash = this.hashOf(app);
    const lines = [fill(template, words)];
    if (hash) lines.push(hash);
    if (domain) lines.push(`@${domain} #${words.code}`);
    return lines.join('\n');
  }

  /** Of the first build, where one names itself wrongly: a message is sent in any case. */
  private hashOf(app?: string): string | undefined {
    const { ANDROID_APP_HASH: hashes } = this.env;
    const isKnown = app !== undefined && Object.hasOwn(hashes, app);
    return isKnown ? hashes[app] : Object.values(hashes)[0];
  }

  /** Whether every language has a text that fits with this name. */
  private hasRoomFor(app: string): boolean {
    const words = { app, code: SOME_CODE, minutes: 0 };
    return LOCALES.every((locale) => segmentsOf(this.write(TEMPLATES[locale].short, words)) === 1);
  }

  private problem(): string {
    const name = [...this.env.APP_NAME].slice(0, NAME_LIMIT);
    while (name.length > 0 && !this.hasRoomFor(name.join(''))) name.pop();
    if (name.length === 0) return 'WEBOTP_DOMAIN must be shorter: it leaves no room for APP_NAME';
    const others = [
      ...(this.env.WEBOTP_DOMAIN ? ['WEBOTP_DOMAIN'] : []),
      ...(this.hashOf() ? ['ANDROID_APP_HASH'] : []),
    ];
    const beside = others.length > 0 ? ` beside ${others.join(' and ')}` : '';
    return `APP_NAME must have at most ${name.length} characters, to fit one SMS in every language${beside}`;
  }
}

/** In one pass: what a name holds is never a placeholder. */
function fill(template: string, words: Wording): string {
  return template.replace(/\{(app|code|minutes)\}/g, (_, word: keyof Wording) =>
    String(words[word]),
  );
}
