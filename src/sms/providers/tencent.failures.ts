import { Failures } from './failure-table';
import type { SdkError } from './sdk-error';

/** The limits on messages to one number, in seconds. `DeliveryFrequencyLimit` is one that the console sets. */
const WAITS: Readonly<Record<string, number | undefined>> = {
  'LimitExceeded.DeliveryFrequencyLimit': undefined,
  'LimitExceeded.PhoneNumberThirtySecondLimit': 30,
  'LimitExceeded.PhoneNumberOneHourLimit': 3600,
  'LimitExceeded.PhoneNumberDailyLimit': 86_400,
  'LimitExceeded.PhoneNumberSameContentDailyLimit': 86_400,
};

/** https://cloud.tencent.com/document/api/382/59177 */
export const TENCENT_FAILURES = new Failures(
  {
    recipient: [
      'FailedOperation.PhoneNumberInBlacklist',
      'FailedOperation.PhoneNumberParseFail',
      'InvalidParameterValue.IncorrectPhoneNumber',
      'LimitExceeded.AppCountryOrRegionInBlacklist',
      'UnsupportedOperation.ChineseMainlandTemplateToGlobalPhone',
      'UnsupportedOperation.GlobalTemplateToChineseMainlandPhone',
      // Both spellings are the API's.
      'UnsupportedOperation.UnsuportedRegion',
      'UnsupportedOperation.UnsupportedRegion',
    ],
    content: [
      'FailedOperation.ContainSensitiveWord',
      'FailedOperation.MissingTemplateToModify',
      'FailedOperation.SignatureIncorrectOrUnapproved',
      'FailedOperation.TemplateIncorrectOrUnapproved',
      'FailedOperation.TemplateParamSetNotMatchApprovedTemplate',
      'FailedOperation.TemplateUnapprovedOrNotExist',
      'InvalidParameterValue.ContentLengthLimit',
      'InvalidParameterValue.ProhibitedUseUrlInTemplateParameter',
      'InvalidParameterValue.TemplateParameterFormatError',
      'InvalidParameterValue.TemplateParameterLengthLimit',
    ],
    'number-throttled': Object.keys(WAITS),
    'account-throttled': [
      'LimitExceeded.AppCountryOrRegionDailyLimit',
      'LimitExceeded.AppDailyLimit',
      'LimitExceeded.AppGlobalDailyLimit',
      'LimitExceeded.AppMainlandChinaDailyLimit',
      'LimitExceeded.DailyLimit',
      'RequestLimitExceeded',
      'RequestLimitExceeded.*',
    ],
    account: [
      'AuthFailure.*',
      'FailedOperation.InsufficientBalanceInSmsPackage',
      'InternalError.SigFieldMissing',
      'InternalError.SigVerificationFail',
      'InvalidParameter.AppidAndBizId',
      'InvalidParameterValue.SdkAppIdNotExist',
      'UnauthorizedOperation',
      'UnauthorizedOperation.*',
    ],
    outage: ['InternalError', 'InternalError.*'],
  },
  waitOf,
);

/** Of the account, until tomorrow at the latest: nobody waits for that. */
const LONG_SECONDS = 3600;

function waitOf({ code }: SdkError): number | undefined {
  return WAITS[String(code)] ?? (String(code).endsWith('DailyLimit') ? LONG_SECONDS : undefined);
}
