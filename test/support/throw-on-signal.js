/** Preloaded into a server: on SIGUSR2 it fails as it would by an error that nobody catches. */
process.once('SIGUSR2', () => {
  throw new Error('nobody catches this');
});
