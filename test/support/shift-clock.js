/** Preloaded into a process whose clock is to differ: a file says by how many milliseconds at any moment. */
const { readFileSync } = require('node:fs');

const TrueDate = Date;
const now = () => TrueDate.now() + Number(readFileSync(process.env.CLOCK_SHIFT_FILE, 'utf8'));

globalThis.Date = class extends TrueDate {
  constructor(...parts) {
    super(...(parts.length > 0 ? parts : [now()]));
  }

  static now() {
    return now();
  }
};
