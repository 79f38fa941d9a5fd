import type { Page } from 'playwright-core';

/** What a page must not have done or hold, whatever the texts on it are. */
export class PageWatch {
  private readonly problems: string[] = [];

  private constructor(private readonly page: Page) {}

  /** Of all pages that are opened in it from now on. @param origin the only one that it may ask. */
  static async over(page: Page, origin: string): Promise<PageWatch> {
    const watch = new PageWatch(page);
    await page.addInitScript(NOTE_VIOLATIONS);
    page.on('dialog', (dialog) => {
      watch.problems.push(`dialog ${dialog.message()}`);
      void dialog.dismiss();
    });
    page.on('pageerror', (error) => watch.problems.push(`${page.url()}: ${error.message}`));
    page.on('request', (request) => {
      if (!request.url().startsWith(`${origin}/`)) watch.problems.push(`asked ${request.url()}`);
    });
    return watch;
  }

  /** @returns the texts of the page, after a look at all of its elements. */
  async texts(): Promise<string[]> {
    const { problems, texts } = await this.page.evaluate<Look>(`(${String(look)})()`);
    this.problems.push(...problems.map((problem) => `${this.page.url()}: ${problem}`));
    return texts;
  }

  get found(): readonly string[] {
    return [...new Set(this.problems)];
  }
}

interface Look {
  problems: string[];
  texts: string[];
}

const NOTE_VIOLATIONS = `globalThis.violations = [];
  document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) =>
    globalThis.violations.push('CSP ' + violatedDirective + ' ' + blockedURI));`;

/** In the page. */
function look(): Look {
  // oxlint-disable-next-line typescript/no-explicit-any -- the types of browsers are not those of this program
  const { document, location, getComputedStyle, NodeFilter, hit, violations } = globalThis as any;
  const problems: string[] = [...violations, ...(hit === undefined ? [] : ['code of a text ran'])];
  const foreign =
    'script:not([src]), style, img, iframe, object, embed, base, x-hit, svg:not([aria-hidden]), [http-equiv]';
  for (const element of document.querySelectorAll(foreign)) problems.push(element.outerHTML);
  for (const element of document.querySelectorAll('*')) {
    for (const { name, value } of element.attributes) {
      if (/^(on|srcdoc|formaction|style|autofocus|background)/.test(name))
        problems.push(`${name}=${value}`);
      if (!/^(href|src|action)$/.test(name)) continue;
      const { protocol, origin } = new URL(value, location.href);
      if (!/^https?:$/.test(protocol) || origin !== location.origin)
        problems.push(`${name}=${value}`);
    }
  }
  const texts: string[] = [];
  for (const field of document.querySelectorAll('input, textarea')) texts.push(field.value);
  const nodes = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (nodes.nextNode()) {
    const { data, parentElement } = nodes.currentNode;
    texts.push(data);
    if (/[\u202a-\u202e\u2066-\u2069]/.test(data) && !isAlone(parentElement, data))
      problems.push(`turns what is beside it: ${parentElement.parentElement.outerHTML}`);
  }
  return { problems, texts };

  /** Whether what is around a text ends where it ends, so that its marks reach nothing else. */
  function isAlone(element: any, text: string): boolean {
    const { unicodeBidi, display } = getComputedStyle(element);
    if (element.textContent.trim() !== text.trim()) return false;
    const ends = /isolate|plaintext/.test(unicodeBidi) || !/^(inline|contents)$/.test(display);
    return ends || isAlone(element.parentElement, text);
  }
}
