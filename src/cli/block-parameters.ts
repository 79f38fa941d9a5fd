import { Argument, InvalidArgumentError, Option } from 'commander';
import { blockTarget } from '../codes/blocks/block-target';
import { seconds } from '../config/env-fields';

export const TARGET = new Argument(
  '<target>',
  'a number with +, the beginning of numbers like +86138*, an address or a network like 203.0.113.0/24',
).argParser(target);

export const FOR = new Option('--for <duration>', 'how long, like 2h or 7d')
  .default(seconds('1d'), '1d')
  .argParser(duration);

function target(text: string): string {
  const known = blockTarget(text);
  if (known) return known;
  throw new InvalidArgumentError(
    'It must be a number with +, like +86138*, or an IPv4 network from /8, an IPv6 one from /16 to /64.',
  );
}

function duration(text: string): number {
  const parsed = seconds(text);
  if (parsed) return parsed;
  throw new InvalidArgumentError('It must be a duration, like 30m, 2h or 7d.');
}
