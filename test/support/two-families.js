const dns = require('node:dns');

/** Preloaded into a process: `auth.test` has an IPv4 and an IPv6 address, which both lead to this machine. */
const { lookup } = dns;
dns.lookup = (host, options, callback) =>
  lookup(host === 'auth.test' ? '127.0.0.1' : host, options, callback);
