import { progressLine } from './import-progress';

describe('the progress of an import', () => {
  const progress = { imported: 400_000, alreadyThere: 11_000, refused: 1000 };

  it('tells the rate, and the time that the rest of the file takes at it', () => {
    const position = { bytes: 412, totalBytes: 1000 };

    expect(progressLine(progress, position, 41_200)).toBe('412,000 lines, 10,000/s, 0:59 left');
  });

  it('knows no end of a pipe', () => {
    expect(progressLine(progress, { bytes: 0 }, 41_200)).toBe('412,000 lines, 10,000/s');
  });
});
