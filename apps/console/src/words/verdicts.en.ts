/** By check and what it found: a sentence, and what helps. `{…}` stands for what the evidence has. */
export const verdicts: Record<VerdictKey, readonly [sentence: string, help: string]> = {
  'number.country': [
    'Numbers of {country} are not served.',
    'Add the country to SMS_COUNTRIES if it should be.',
  ],
  'number.own': [
    'Messages are sent from this number.',
    'Nobody logs in with it: the person uses another one.',
  ],
  'user.disabled': [
    'This account is disabled.',
    'The audit says who did it, and why. Enable the user if the reason is gone.',
  ],
  'user.unknown': [
    'Nobody is registered with this number, and sign-up is closed.',
    'Import the user, or open sign-up (SIGNUP).',
  ],
  'user.dormant': [
    'Nobody has proved this number for long, or its carrier says that it was given up.',
    'Who proves it is asked whose the account is. `tandem users vouch` says that it is still the user’s.',
  ],
  'user.moved': [
    'The account of this number has another number now.',
    'Who moved it undoes that with a code, or with the password of before.',
  ],
  block: [
    'This number or network is blocked.',
    'Remove the block if it is not meant for this person.',
  ],
  limits: [
    'Too many tries: the limit {limit} is used up.',
    'The person waits, or you lift the limits of the number.',
  ],
  captcha: [
    'The person is asked for a captcha.',
    'The client shows it. An old client may not know how.',
  ],
  'pause.operator': [
    'An operator has paused messages to numbers like this one.',
    'Lift the pause when its reason is gone.',
  ],
  'pause.monitor': [
    'Messages to {prefix} are paused: too few of their codes are used.',
    'Lift the pause if these are people.',
  ],
  budget: [
    'There is no money left for a message now.',
    'It flows in over the day. Raise SMS_BUDGET_DAILY if the traffic is real.',
  ],
  'budget.network': [
    'Codes that this network asks for are not used.',
    'The person asks from another network, or you raise NETWORK_SHARE.',
  ],
  provider: [
    'No provider would take a message now.',
    'Look for “SMS provider failed” in the log: credentials, balance, or an outage.',
  ],
  'provider.some': ['Some providers take no messages now.', 'Others are tried instead.'],
  'delivery.refused': [
    'The provider refused the last message.',
    'The person checks the number: it may be no mobile one, or not in service.',
  ],
  'delivery.failed': [
    'The last message could not be sent.',
    'Look for “SMS provider failed” in the log; then the person asks again.',
  ],
  'delivery.lost': [
    'The last message was sent, and did not arrive.',
    'The person asks again: another provider is tried first.',
  ],
  'delivery.open': [
    'The last message was sent. Nobody has said whether it arrived.',
    'The person asks again: another provider is tried first.',
  ],
  'code.wrong': [
    'The last code that was typed is wrong.',
    'The newest message counts. The person reads it again, or asks for a new code.',
  ],
  'code.expired': [
    'The last code that was typed has expired.',
    'The person asks for a new one. If messages are slow, look at the delivery.',
  ],
  'code.used': [
    'The last code that was typed has been used already.',
    'It logged somebody in. If that was not the person, end the sessions.',
  ],
  'code.never_sent': [
    'A code was typed, but none was sent to this number.',
    'The person checks the number, or asks for a code.',
  ],
  'code.lane_exhausted': [
    'The code was right, but came after too many wrong ones.',
    'The person asks for a new code, or you lift the limits.',
  ],
  'code.other_number': [
    'The code that was typed was sent to another number.',
    'The person checks the number in the form.',
  ],
  password: [
    'The last password that was typed is wrong.',
    'The person logs in with a code, and sets a new password.',
  ],
  session: [
    'The last session was ended: {reason}.',
    'The person logs in again. The reason says who ended it.',
  ],
  request: [
    'This request was answered {error}.',
    'Nothing above stands in the way now: it was a passing state, or a mistake of the client.',
  ],
};

export type VerdictKey =
  | 'number.country'
  | 'number.own'
  | 'user.disabled'
  | 'user.unknown'
  | 'user.dormant'
  | 'user.moved'
  | 'block'
  | 'limits'
  | 'captcha'
  | 'pause.operator'
  | 'pause.monitor'
  | 'budget'
  | 'budget.network'
  | 'provider'
  | 'provider.some'
  | 'delivery.refused'
  | 'delivery.failed'
  | 'delivery.lost'
  | 'delivery.open'
  | 'code.wrong'
  | 'code.expired'
  | 'code.used'
  | 'code.never_sent'
  | 'code.lane_exhausted'
  | 'code.other_number'
  | 'password'
  | 'session'
  | 'request';
