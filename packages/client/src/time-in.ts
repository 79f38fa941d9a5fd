/** With their seconds, and up to how many they are counted in. */
const UNITS = [
  ['second', 1, 90],
  ['minute', 60, 5400],
  ['hour', 3600, Infinity],
] as const;

/** `42 seconds`, as a language has it. */
export function timeIn(seconds: number, language: string): string {
  const [unit, length] = UNITS.find(([, , limit]) => seconds < limit)!;
  const style = { style: 'unit', unit, unitDisplay: 'long' } as const;
  return new Intl.NumberFormat(language, style).format(Math.ceil(seconds / length));
}
