const { spawnSync } = require('node:child_process');

/** Closes the run with the stores it tested, and with the count that CI reads. */
module.exports = class StoresReporter {
  onRunComplete(
    _contexts,
    { numPassedTests, numFailedTests, numFailedTestSuites, numPendingTests },
  ) {
    const { TEST_DATABASE_URL, TEST_REDIS_URL } = process.env;
    const hasServers = TEST_DATABASE_URL && TEST_REDIS_URL;
    const stores = hasServers ? 'SQLite, MariaDB/MySQL and Redis' : 'SQLite only';
    const browser = hasChromium()
      ? ''
      : ' No chromium on the PATH: pages were tested in no browser.';
    const failed = Math.max(numFailedTests, numFailedTestSuites);
    const skipped = numPendingTests > 0 ? `, ${numPendingTests} skipped` : '';
    // After Jest's own summary, which follows every reporter.
    process.once('exit', () => {
      process.stdout.write(
        `Stores tested: ${stores}.${browser}\n${numPassedTests} passed, ${failed} failed${skipped}\n`,
      );
    });
  }
};

const hasChromium = () => spawnSync('which', ['chromium']).status === 0;
