const { statSync } = require('node:fs');
const { default: Sequencer } = require('@jest/test-sequencer');
const { specsRunBy } = require('./together');

/** Guesses: a server takes longer to start than an app in this process, however few lines say so. */
const MS_PER_BYTE = 1;
const MS_PER_BYTE_OF_PROCESSES = 3;

/**
 * The longest files first, so that no worker idles at the end while the other has a long one left. Jest remembers how
 * long each took; a fresh clone does not know, and would go by the size of the one line in a `specs.js`.
 */
module.exports = class LongestFirst extends Sequencer {
  time(test) {
    return super.time(test) ?? guess(test.path);
  }
};

function guess(file) {
  const rate = /\.(process|full)\.spec\.ts$/.test(file) ? MS_PER_BYTE_OF_PROCESSES : MS_PER_BYTE;
  const bytes = specsRunBy(file).reduce((sum, spec) => sum + statSync(spec).size, 0);
  return bytes * rate;
}
