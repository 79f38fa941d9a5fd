export const plural = (amount: number, noun: string) =>
  `${amount} ${noun}${amount === 1 ? '' : 's'}`;
