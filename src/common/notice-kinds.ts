/** What users are told of. Each has a text in every language of the messages. */
export const NOTICE_KINDS = [
  'password_set',
  'password_changed',
  'password_removed',
  'device_added',
  'mobile_change_requested',
  'mobile_changed',
  'mobile_change_undone',
  'number_claimed',
  'number_reassigned',
  'deletion_requested',
] as const;
export type NoticeKind = (typeof NOTICE_KINDS)[number];
