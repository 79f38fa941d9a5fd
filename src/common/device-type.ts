/** What a client runs on, as far as it tells. */
export const DEVICE_TYPES = ['phone', 'tablet', 'desktop', 'tv', 'other'] as const;
export type DeviceType = (typeof DEVICE_TYPES)[number];
