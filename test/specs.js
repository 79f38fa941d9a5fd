require('./support/together').runTogether(__dirname);
