import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EnvError, parseEnv } from '../config/load-env';
import { PricesService } from './prices.service';

const pricesOf = (SMS_PRICES_FILE?: string) =>
  PricesService.load(parseEnv(SMS_PRICES_FILE ? { SMS_PRICES_FILE } : {}));

function fileWith(text: string): string {
  const file = join(mkdtempSync(join(tmpdir(), 'tandem-prices-')), 'prices.json');
  writeFileSync(file, text);
  return file;
}

describe('the prices of messages', () => {
  it('are known for every provider and country, in millionths', () => {
    expect(pricesOf().of('log', 'CN')).toBe(0);
    expect(pricesOf().of('twilio', 'US')).toBe(15_000);
    expect(pricesOf().of('twilio', 'ZZ')).toBe(500_000);
  });

  it('come from a file, provider by provider', () => {
    const prices = pricesOf(fileWith('{"twilio": {"US": 0.0079, "*": 0.5}}'));

    expect(prices.of('twilio', 'US')).toBe(7900);
    expect(prices.of('twilio', 'CN')).toBe(500_000);
    expect(prices.of('aliyun', 'CN')).toBe(10_000);
  });

  it.each([
    ['is not JSON', '{"twilio"'],
    ['is no table', '[]'],
    ['names no provider', '{"pigeon": {"*": 1}}'],
    ['forgets the other countries', '{"twilio": {"US": 1}}'],
    ['has a price below zero', '{"twilio": {"*": -1}}'],
    ['has a price that is text', '{"twilio": {"*": "1"}}'],
  ])('refuse the start for a file that %s', (_, text) => {
    expect(() => pricesOf(fileWith(text))).toThrow(EnvError);
    expect(() => pricesOf(fileWith(text))).toThrow('SMS_PRICES_FILE');
  });

  it('refuse the start for a file that is not there', () => {
    expect(() => pricesOf('/nowhere/prices.json')).toThrow(EnvError);
  });
});
