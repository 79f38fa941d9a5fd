import type { Locator, Page } from 'playwright-core';

/** More controls than any screen has. */
const MOST = 150;
const ROLES = 'button|link|textbox|searchbox|combobox|checkbox|spinbutton|dialog|table|navigation';
const UNNAMED = new RegExp(`^\\s*- (${ROLES})(?! ")\\b.*$`, 'gm');

/** Somebody without a mouse, who has to see where they are, or to hear it. */
export class KeyboardUser {
  constructor(private readonly page: Page) {}

  press = (key: string) => this.page.keyboard.press(key);
  type = (text: string) => this.page.keyboard.type(text);

  /** From control to control, each of which is to be seen, until one has the focus. */
  async tabTo(target: Locator, key: 'Tab' | 'Shift+Tab' = 'Tab'): Promise<void> {
    const focused = target.and(this.page.locator(':focus'));
    for (let pressed = 0; pressed < MOST; pressed++) {
      if ((await focused.count()) > 0) return;
      await this.press(key);
      const problem = await this.problem();
      // Behind the last control the browser has the focus.
      if (problem && problem !== NOWHERE) throw new Error(`${problem}, after ${key}`);
    }
    throw new Error(`No way by ${key} to ${String(target)} at ${this.page.url()}`);
  }

  /** Chooses it where it is found. */
  async activate(target: Locator): Promise<void> {
    await this.tabTo(target);
    await this.press('Enter');
  }

  /** Waits until it has the focus, in a place where all that can be used has a name. */
  async isAt(target: Locator): Promise<void> {
    await target.and(this.page.locator(':focus')).waitFor();
    const problem = await this.problem();
    if (problem) throw new Error(`${problem}: ${String(target)}`);
    const unnamed = (await this.page.locator('body').ariaSnapshot()).match(UNNAMED) ?? [];
    if (unnamed.length > 0) throw new Error(`Without a name: ${unnamed.join()}`);
  }

  /** What is wrong with where the focus is. */
  private problem(): Promise<string> {
    return this.page.evaluate(`(${String(problemOfFocus)})()`);
  }
}

const NOWHERE = 'Nothing has the focus';

/** In the page. Headings, and what is around all, show by their place that reading goes on there. */
function problemOfFocus(): string {
  const shown = globalThis as unknown as Window;
  const { document, innerHeight } = shown;
  const focused = document.activeElement;
  if (!focused || focused === document.body) return 'Nothing has the focus';
  const { top, bottom, width, height } = focused.getBoundingClientRect();
  const name = focused.outerHTML.slice(0, 200);
  if (width * height === 0 || bottom <= 0 || top >= innerHeight) return `Out of sight: ${name}`;
  if (focused.matches('h1, main')) return '';
  return shown.getComputedStyle(focused).outlineStyle === 'none' ? `No outline: ${name}` : '';
}

interface Window {
  innerHeight: number;
  document: { activeElement: Focused | null; body: unknown };
  getComputedStyle(of: Focused): { outlineStyle: string };
}

interface Focused {
  outerHTML: string;
  getBoundingClientRect(): { top: number; bottom: number; width: number; height: number };
  matches(selector: string): boolean;
}
