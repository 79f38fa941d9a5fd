import { parseEnvFile } from './env-file';

const utf16 = (text: string) => Buffer.from(`\uFEFF${text}`, 'utf16le');
const read = (text: string) => parseEnvFile(Buffer.from(text));

describe('a .env file', () => {
  it.each([
    ['with a BOM', '\uFEFFNODE_ENV=production\nPORT=1'],
    ['with line ends of Windows', 'NODE_ENV=production\r\nPORT=1\r\n'],
    ['with line ends of old Macs', 'NODE_ENV=production\rPORT=1\r'],
    ['with comments and quotes', '# a\n\nexport NODE_ENV="production" # b\n PORT = 1 # c'],
  ])('is read %s', (_, text) => {
    expect(read(text)).toEqual({
      values: new Map([
        ['NODE_ENV', 'production'],
        ['PORT', '1'],
      ]),
      problems: [],
    });
  });

  it.each([
    ['"a#b"', 'a#b'],
    ["'a # b'", 'a # b'],
    ['`a"#\'b`', 'a"#\'b'],
    ['"a\\nb"', 'a\nb'],
    ["'a\\nb'", 'a\\nb'],
    ["it's", "it's"],
    ['a=b==', 'a=b=='],
    ['a\\b$c', 'a\\b$c'],
    ['""', ''],
    ['', ''],
    [' # nothing', ''],
    ['schlüssel', 'schlüssel'],
  ])('has the value that it says: %s', (text, value) => {
    expect(read(`A=${text}`)).toEqual({ values: new Map([['A', value]]), problems: [] });
  });

  it.each([
    ['A=k3J9#x0Qw7', 'has a # in A'],
    ['A=#k3J9x0Qw7', 'has a # in A'],
    ['A=k3J9#x0Qw7 # comment', 'has a # in A'],
    ['A="k3J9', 'begins A with a quote'],
    ['A="k3J9" x0Qw7', 'begins A with a quote'],
    ['A="k3J9\nx0Qw7"', 'begins A with a quote'],
    ['A: k3J9x0Qw7', 'is not NAME=value'],
    ['\u200BA=k3J9x0Qw7', 'is not NAME=value'],
    ['set A=k3J9x0Qw7', 'is not NAME=value'],
    ['A=k3J9x0Qw7\nA=x0Qw7', 'sets A again'],
  ])('is refused where readers differ, and no problem shows the value: %j', (text, problem) => {
    const { problems } = read(`PORT=1\n${text}`);

    expect(problems[0]).toMatch(new RegExp(`^line [23] of \\.env ${problem}`));
    expect(problems.join()).not.toMatch(/k3J9|x0Qw7/);
  });

  it.each([
    ['UTF-16', utf16('NODE_ENV=production\n')],
    ['UTF-16 without a BOM', utf16('NODE_ENV=production\n').subarray(2)],
    ['UTF-16 the other way round', utf16('NODE_ENV=production\n').swap16()],
    ['Latin-1', Buffer.from('A=schl\xfcssel', 'latin1')],
  ])('is refused in %s', (_, bytes) => {
    expect(parseEnvFile(bytes).problems).toEqual(['.env is not UTF-8 text: save it as UTF-8']);
  });
});
