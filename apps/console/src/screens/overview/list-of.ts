import type { OverviewDto } from '../../contract.ts';

/** Where the rows behind a number are listed: those of the time that it was counted over. */
export function listOf(
  { steps, at }: OverviewDto,
  path: '/audit' | '/sms',
  filter: Record<string, string>,
): string {
  const asked = new URLSearchParams({ ...filter, since: steps[0]!.from, until: at });
  return `${path}?${asked}${path === '/sms' ? '#deliveries' : ''}`;
}
