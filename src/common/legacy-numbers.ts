interface Change {
  /** The national part of a mobile number as it was. */
  readonly before: RegExp;
  readonly now: string;
  /** It was written behind the calling code only. */
  readonly behindCode?: true;
}

const VIETNAMESE_PREFIXES = {
  // MobiFone
  120: 70,
  121: 79,
  122: 77,
  126: 76,
  128: 78,
  // VinaPhone
  123: 83,
  124: 84,
  125: 85,
  127: 81,
  129: 82,
  // Viettel
  162: 32,
  163: 33,
  164: 34,
  165: 35,
  166: 36,
  167: 37,
  168: 38,
  169: 39,
  // Vietnamobile
  186: 56,
  188: 58,
  // Gmobile
  199: 59,
};

/**
 * Plans that changed while address books kept the old numbers, by calling code. Only changes that leave no choice:
 * every old number has one successor, and is itself no number of today.
 */
const CHANGES: Readonly<Record<string, readonly Change[]>> = {
  // Mexico, 3 August 2019: the 1 from abroad and 01, 044 and 045 at home are gone (ITU, communication of 12.VI.2018).
  52: [
    { before: /^1(?<number>\d{10})$/, now: '$<number>', behindCode: true },
    { before: /^(?:01|044|045)(?<number>\d{10})$/, now: '$<number>' },
  ],
  // Brazil, 2012 to 6 November 2016: a 9 before mobile numbers (Anatel, resolution 553/2010); those with a 7 were trunked radio.
  55: [{ before: /^(?<area>[1-9]{2})(?<number>[689]\d{7})$/, now: '$<area>9$<number>' }],
  // Vietnam, 15 September 2018: eleven digits became ten (Ministry of Information and Communications, decision 798/QĐ-BTTTT).
  84: Object.entries(VIETNAMESE_PREFIXES).map(([before, now]) => ({
    before: new RegExp(`^${before}(?<number>\\d{7})$`),
    now: `${now}$<number>`,
  })),
  // Benin, 30 November 2024: 01 before every number (ARCEP Bénin).
  229: [{ before: /^(?<number>\d{8})$/, now: '01$<number>' }],
};

/** The national part of today for one of before; undefined for any other. */
export function modernNumber(
  callingCode: string,
  national: string,
  hasCode: boolean,
): string | undefined {
  const change = CHANGES[callingCode]?.find(
    ({ before, behindCode }) => before.test(national) && (hasCode || !behindCode),
  );
  return change && national.replace(change.before, change.now);
}
