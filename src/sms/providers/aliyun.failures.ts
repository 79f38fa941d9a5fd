import { Failures } from './failure-table';
import type { SdkError } from './sdk-error';

/** https://help.aliyun.com/zh/sms/developer-reference/api-error-codes */
export const ALIYUN_FAILURES = new Failures(
  {
    recipient: [
      'isv.MOBILE_NUMBER_ILLEGAL',
      'isv.BLACK_KEY_CONTROL_LIMIT',
      'isv.DOMESTIC_NUMBER_NOT_SUPPORTED',
      'isv.CUSTOMER_REFUSED',
      'isv.NOT_SUPPORTED_COUNTRY',
    ],
    content: [
      'isv.SMS_TEST_NUMBER_LIMIT',
      'isv.SMS_CONTENT_ILLEGAL',
      'isv.SMS_CONTENT_MISMATCH_TEMPLATE_TYPE',
      'isv.SMS_TEMPLATE_ILLEGAL',
      'isv.TEMPLATE_MISSING_PARAMETERS',
      'isv.TEMPLATE_PARAMS_ILLEGAL',
      'isv.SMS_SIGNATURE_ILLEGAL',
      'isv.SMS_SIGNATURE_SCENE_ILLEGAL',
      'isv.SMS_SIGN_ILLEGAL',
      'isv.SIGN_STATE_ILLEGAL',
      'isv.INVALID_PARAMETERS',
      'isv.INVALID_JSON_PARAM',
      'isv.PARAM_LENGTH_LIMIT',
      'isv.PARAM_NOT_SUPPORT_URL',
    ],
    'number-throttled': ['isv.BUSINESS_LIMIT_CONTROL'],
    'account-throttled': ['Throttling.*', 'isv.DAY_LIMIT_CONTROL', 'isv.MONTH_LIMIT_CONTROL'],
    account: [
      'InvalidAccessKeyId.*',
      'SignatureDoesNotMatch',
      'isp.RAM_PERMISSION_DENY',
      'isv.ACCOUNT_ABNORMAL',
      'isv.ACCOUNT_NOT_EXISTS',
      'isv.AMOUNT_NOT_ENOUGH',
      'isv.DENY_IP_RANGE',
      'isv.OUT_OF_SERVICE',
      'isv.PRODUCT_UNSUBSCRIBE',
      'isv.PRODUCT_UN_SUBSCRIPT',
      'isv.SECURITY_FROZEN_ACCOUNT',
      'isv.SMS_TEST_SIGN_TEMPLATE_LIMIT',
    ],
    outage: ['ServiceUnavailable', 'isp.GATEWAY_ERROR', 'isp.SYSTEM_ERROR'],
  },
  waitOf,
);

/** The code is the same for each of them; the message names the one: `触发小时级流控Permits:5`. */
const WINDOWS: [pattern: RegExp, seconds: number][] = [
  [/天|day/i, 86_400],
  [/小时|hour/i, 3600],
  [/分钟|minute/i, 60],
];

/** Of the account, until tomorrow at the latest: nobody waits for that. */
const LONG_SECONDS = 3600;

function waitOf({ code, message = '' }: SdkError): number | undefined {
  if (/^isv\.(DAY|MONTH)_LIMIT/.test(String(code))) return LONG_SECONDS;
  return WINDOWS.find(([pattern]) => pattern.test(message))?.[1];
}
