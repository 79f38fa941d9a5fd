import { DEVICE_TYPES, type DeviceType } from '../common/device-type';
import { field, uniqueEntries } from './env-fields';

const MOST = 1000;

/** How many sessions a user may have, and how many of them on devices of one type. */
export type SessionAllowance = Readonly<{ total: number } & Partial<Record<DeviceType, number>>>;

/** `10`, or with types of devices `10,phone:1,desktop:2`. */
export function SessionAllowances(): PropertyDecorator {
  return field<number | SessionAllowance>(
    (text) => {
      const allowance = uniqueEntries(text, entryOf) as SessionAllowance;
      return Object.keys(allowance).length === 1 ? (allowance.total ?? Number.NaN) : allowance;
    },
    (value) => {
      const { total, ...types } = typeof value === 'number' ? { total: value } : value;
      return (
        isAmount(total) &&
        Object.entries(types).every(([type, amount]) => isType(type) && isAmount(amount))
      );
    },
    `must be a whole number from 1 to ${MOST}, also of single types of devices (${DEVICE_TYPES.join(', ')}): 10,phone:1,desktop:2`,
  );
}

function entryOf(part: string): [string, number] {
  const [, type = 'total', amount] = /^(?:(\w+):)?(\d{1,4})$/.exec(part) ?? [];
  return [type, amount ? Number(amount) : Number.NaN];
}

const isType = (name: string) => (DEVICE_TYPES as readonly string[]).includes(name);

const isAmount = (amount: unknown) =>
  Number.isInteger(amount) && (amount as number) >= 1 && (amount as number) <= MOST;
