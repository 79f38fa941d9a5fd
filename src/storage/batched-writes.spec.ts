import { Writable } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { batchWrites } from './batched-writes';

describe('writes to a connection', () => {
  const sent: string[] = [];
  let stream: Writable;

  beforeEach(() => {
    sent.length = 0;
    stream = new Writable({
      write(chunk, _encoding, done) {
        sent.push(String(chunk));
        done();
      },
      writev(chunks, done) {
        sent.push(chunks.map(({ chunk }) => String(chunk)).join(''));
        done();
      },
    });
    batchWrites(stream);
  });

  it('of one turn of the event loop are sent together, in their order', async () => {
    stream.write('a');
    await Promise.resolve();
    stream.write('b');

    expect(sent).toEqual([]);
    await nextTurn();
    expect(sent).toEqual(['ab']);
  });

  it('of the next turn are sent on their own', async () => {
    stream.write('a');
    await nextTurn();
    stream.write('b');
    await nextTurn();

    expect(sent).toEqual(['a', 'b']);
  });

  it('still call back, each when it is sent', async () => {
    const calls: number[] = [];
    stream.write('a', () => calls.push(1));
    stream.write('b', 'utf8', () => calls.push(2));
    await nextTurn();
    await nextTurn();

    expect(calls).toEqual([1, 2]);
  });
});
