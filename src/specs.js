require('../test/support/together').runTogether(__dirname);
