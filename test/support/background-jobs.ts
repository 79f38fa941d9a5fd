import { BackgroundJobsService } from '../../src/common/background-jobs.service';

/** The longest that a timer of Node takes. */
const NEVER_MS = 2 ** 31 - 1;

/**
 * Lets the background jobs of the applications that the tests of this file or group start run at their start only; the
 * test runs the others. Called where hooks are declared.
 */
export function holdBackgroundJobs(): (() => unknown)[] {
  const held: (() => unknown)[] = [];
  // oxlint-disable-next-line typescript/unbound-method -- called with its `this` below
  const { every } = BackgroundJobsService.prototype;
  let spy: jest.SpyInstance;
  beforeAll(() => {
    spy = jest.spyOn(BackgroundJobsService.prototype, 'every').mockImplementation(function (
      this: BackgroundJobsService,
      ...[name, , work, options]: Parameters<typeof every>
    ) {
      held.push(work);
      every.call(this, name, NEVER_MS, work, options);
    });
  });
  afterAll(() => spy.mockRestore());
  return held;
}
