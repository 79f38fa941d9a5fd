import { Injectable } from '@nestjs/common';
import type { NoticeKind } from '../../common/notice-kinds';
import { Env } from '../../config/env';
import { chooseLocale, type Receiver } from './locale';
import { BARE, NOTICE_TEXTS } from './notice-texts';
import { segmentsOf } from './segments';
import type { Locale } from './templates';

interface ComposedNotice {
  readonly text: string;
  /** What of it is not the same for all notices: for the templates of providers. */
  readonly what: string;
  /** The language of both. */
  readonly locale: Locale;
}

/** Words the SMS that tells what was done in an account, in the receiver's language, in one segment where the name leaves room. */
@Injectable()
export class NoticeComposer {
  constructor(private readonly env: Env) {}

  compose(kind: NoticeKind, receiver: Receiver): ComposedNotice {
    const locale = chooseLocale(receiver);
    const { around, [kind]: what } = NOTICE_TEXTS[locale];
    const text = this.fill(around, what);
    return { locale, what, text: segmentsOf(text) === 1 ? text : this.fill(BARE, what) };
  }

  /** In one pass: what a name holds is never a placeholder. */
  private fill(around: string, what: string): string {
    const words: Record<string, string> = { app: this.env.APP_NAME, what };
    return around.replace(/\{(app|what)\}/g, (_, word: string) => words[word]!);
  }
}
