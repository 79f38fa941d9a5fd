const { default: Sequencer } = require('@jest/test-sequencer');

/**
 * Jest starts the slowest files first, but a fresh clone does not know which those are and goes by size. Specs that
 * start servers are short and slow: one that came last would leave the other worker idle.
 */
module.exports = class ProcessesFirst extends Sequencer {
  sort(tests) {
    // oxlint-disable-next-line unicorn/no-array-sort -- Jest's own, which returns a new array
    const sorted = super.sort(tests);
    return [...sorted.filter(startsServers), ...sorted.filter((test) => !startsServers(test))];
  }
};

const startsServers = ({ path }) => path.endsWith('.process.spec.ts');
