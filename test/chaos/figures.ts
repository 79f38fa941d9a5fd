/** What callers saw while a fault lasted, and until all was well again. */
export class Figures {
  answered = 0;
  /** Answers of 503, by what was asked. */
  readonly unavailable: Record<string, number> = {};
  /** The longest call, in milliseconds. */
  longest = 0;
  /** Codes that had to be asked for again. */
  codesLost = 0;
  /** Milliseconds from the end of the fault until every node did everything again. */
  recovery = 0;
  /** What must never happen, in words. */
  readonly wrong: string[] = [];

  get refused(): number {
    return Object.values(this.unavailable).reduce((sum, count) => sum + count, 0);
  }

  countUnavailable(what: string): void {
    this.unavailable[what] = (this.unavailable[what] ?? 0) + 1;
  }
}

/** Of two times: the sums, and the longest. */
export function sumOf(one: Figures, other: Figures): Figures {
  const sum = new Figures();
  for (const { answered, unavailable, longest, codesLost, recovery, wrong } of [one, other]) {
    sum.answered += answered;
    sum.codesLost += codesLost;
    sum.longest = Math.max(sum.longest, longest);
    sum.recovery = Math.max(sum.recovery, recovery);
    sum.wrong.push(...wrong);
    for (const [what, count] of Object.entries(unavailable)) {
      sum.unavailable[what] = (sum.unavailable[what] ?? 0) + count;
    }
  }
  return sum;
}
