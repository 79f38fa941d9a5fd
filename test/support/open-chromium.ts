import { type Browser, chromium } from 'playwright-core';
import { pathOf } from './servers/installed';

const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export function openChromium(): Promise<Browser> {
  return chromium.launch({ executablePath: pathOf('chromium'), args: FLAGS });
}
