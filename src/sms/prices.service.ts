import { readFileSync } from 'node:fs';
import type { Env } from '../config/env';
import { EnvError } from '../config/load-env';
import { PROVIDER_NAMES, type ProviderName } from '../config/sms-env';

type PriceTable = Partial<Record<ProviderName, Record<string, number>>>;

/** Every country that is not named. */
const OTHERS = '*';

/**
 * US dollars a message: round figures above the list prices of 2026, with carrier fees, since a budget
 * that counts too little is none. Contracts differ: `SMS_PRICES_FILE` replaces them provider by provider.
 */
const DEFAULTS: Record<ProviderName, Record<string, number>> = {
  log: { [OTHERS]: 0 },
  webhook: { [OTHERS]: 0.05 },
  twilio: {
    US: 0.015,
    CA: 0.015,
    AU: 0.06,
    BR: 0.07,
    CN: 0.06,
    DE: 0.12,
    ES: 0.09,
    FR: 0.09,
    GB: 0.06,
    HK: 0.08,
    IN: 0.09,
    IT: 0.1,
    JP: 0.09,
    KR: 0.06,
    MX: 0.08,
    SG: 0.06,
    TW: 0.08,
    [OTHERS]: 0.5,
  },
  aliyun: { CN: 0.01, HK: 0.06, SG: 0.05, TW: 0.08, US: 0.02, [OTHERS]: 0.5 },
  tencent: { CN: 0.01, HK: 0.06, SG: 0.05, TW: 0.08, US: 0.02, [OTHERS]: 0.5 },
  sns: { US: 0.015, CA: 0.015, CN: 0.06, GB: 0.06, IN: 0.09, SG: 0.06, [OTHERS]: 0.5 },
};

/** What a message costs, by provider and country. */
export class PricesService {
  private constructor(private readonly table: Record<ProviderName, Record<string, number>>) {}

  /** @throws EnvError when `SMS_PRICES_FILE` cannot be used. */
  static load({ SMS_PRICES_FILE: file }: Env): PricesService {
    return new PricesService({ ...DEFAULTS, ...(file && readTable(file)) });
  }

  /** Millionths of the currency. */
  of(provider: ProviderName, country: string): number {
    const prices = this.table[provider];
    return Math.round((prices[country] ?? prices[OTHERS]!) * 1e6);
  }
}

function readTable(file: string): PriceTable {
  try {
    const table: unknown = JSON.parse(readFileSync(file, 'utf8'));
    if (isTable(table)) return table;
  } catch (error) {
    throw new EnvError([`SMS_PRICES_FILE cannot be read: ${(error as Error).message}`]);
  }
  throw new EnvError([
    'SMS_PRICES_FILE must hold prices by provider and country, with * for the others: {"twilio": {"US": 0.01, "*": 0.3}}',
  ]);
}

function isTable(table: unknown): table is PriceTable {
  return (
    isRecord(table) && Object.entries(table).every(([name, prices]) => isPriceList(name, prices))
  );
}

function isPriceList(name: string, prices: unknown): boolean {
  const isKnown = PROVIDER_NAMES.some((known) => known === name);
  return isKnown && isRecord(prices) && OTHERS in prices && Object.values(prices).every(isPrice);
}

const isPrice = (value: unknown) => typeof value === 'number' && value >= 0 && value <= 1000;

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
