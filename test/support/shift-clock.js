/** Preloaded into a process whose clock is to differ by `CLOCK_SHIFT` milliseconds from everyone else's. */
const shift = Number(process.env.CLOCK_SHIFT);
const TrueDate = Date;

globalThis.Date = class extends TrueDate {
  constructor(...parts) {
    super(...(parts.length > 0 ? parts : [TrueDate.now() + shift]));
  }

  static now() {
    return TrueDate.now() + shift;
  }
};
