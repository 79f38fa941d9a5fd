import type { CodeAnswer, Exchange } from './exchange';
import type { Scenario } from './scenarios';
import type { Subject } from './subject';

/** Messages to one block of numbers without a captcha. With the next one it is asked for. */
const EASY_CODES = 20;
/** Of a block, beyond those. */
const LATE_NUMBERS = 5000;
/** Numbers at which one attacker keeps asking. */
const PESTERED = 32;

/** What strangers send to routes that are open, as fast as they can. */
export const ATTACKED: Scenario[] = [
  {
    name: 'code',
    what: 'a code for a new number, which a provider without a network takes',
    opens: 0,
    prepare: async (subject, count) => asking(subject, subject.newMobiles(count), 'sent'),
  },
  {
    name: 'code limited',
    what: 'the same again and again for numbers that have just got one',
    opens: 0,
    prepare: (subject) => {
      const mobiles = subject.newMobiles(PESTERED);
      return afterSending(subject, mobiles, asking(subject, mobiles, 'limited'));
    },
  },
  {
    name: 'code captcha',
    what: 'codes for a block of numbers, each from another address, when the block has had its share without a captcha',
    opens: 0,
    prepare: (subject, count) => {
      const block = subject.block(EASY_CODES + Math.min(count, LATE_NUMBERS));
      const late = asking(subject, block.splice(EASY_CODES), 'captcha');
      return afterSending(subject, block, late);
    },
  },
  {
    name: 'wrong code',
    what: 'a code that is wrong for a number that waits for its login',
    opens: 0,
    prepare: async (subject, count) => {
      const { guess } = subject.dialect;
      return guess && (await subject.invitations(subject.newMobiles(count))).map(guess);
    },
  },
];

/** A request for each number, from an address that is always its own. */
function asking(
  { dialect: { askForCode } }: Subject,
  mobiles: string[],
  answer: CodeAnswer,
): Exchange[] | undefined {
  return askForCode && mobiles.map((mobile) => askForCode(mobile, answer));
}

/** The exchanges, once these numbers have got their codes. */
async function afterSending(
  subject: Subject,
  mobiles: string[],
  exchanges: Exchange[] | undefined,
): Promise<Exchange[] | undefined> {
  if (exchanges) await subject.send(asking(subject, mobiles, 'sent')!);
  return exchanges;
}
