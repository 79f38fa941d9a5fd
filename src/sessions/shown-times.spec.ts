import { shownTimesOf } from './shown-times';

const on = (time: string) => new Date(`2026-01-01T${time}Z`);
const session = (lastUsedAt: Date) => ({
  createdAt: on('09:07:00'),
  lastUsedAt,
  expiresAt: on('20:00:00'),
});

describe('the times of a session in the list', () => {
  it.each([
    ['10:00:00', '10:00:00'],
    ['10:14:59.999', '10:00:00'],
    ['10:15:00', '10:15:00'],
    ['10:29:30', '10:15:00'],
    ['09:14:00', '09:07:00'],
    ['09:07:00', '09:07:00'],
  ])(
    'tell of a use at %s no more than the quarter hour, and nothing before the login',
    (used, shown) => {
      expect(shownTimesOf(session(on(used))).lastUsedAt).toEqual(on(shown));
    },
  );

  it('tell of two uses in one quarter hour the same, also by when the session ends', () => {
    const [early, late] = ['10:00:01', '10:14:58'].map((used) =>
      shownTimesOf(session(on(used)), 600),
    );

    expect(late).toEqual(early);
  });

  it.each([
    ['of being idle for an hour', 3600, '11:15:00'],
    ['of its refresh token, when that comes first', 86_400, '20:00:00'],
    ['of its refresh token, without an idle timeout', undefined, '20:00:00'],
  ])('tell the end %s', (_, idleSeconds, end) => {
    expect(shownTimesOf(session(on('10:03:00')), idleSeconds).expiresAt).toEqual(on(end));
  });

  it('tell no end that is over while the session lives', () => {
    const lastUsedAt = on('10:14:00');

    const { expiresAt } = shownTimesOf(session(lastUsedAt), 600);

    expect(expiresAt.getTime()).toBeGreaterThanOrEqual(lastUsedAt.getTime() + 600_000);
  });
});
