/** Runs what is no test. Servers and proxies of tests keep no process alive, so this does. */
export function runScript(main: () => Promise<void>): void {
  const alive = setInterval(() => undefined, 60_000);
  main()
    .catch((error: unknown) => {
      console.error(error);
      process.exit(1);
    })
    .finally(() => clearInterval(alive));
}
