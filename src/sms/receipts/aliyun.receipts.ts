import { chinaTime, listIn, type Receipt, receiptsOf, type ReceiptSource } from './receipt';
import { UnsignedCalls } from './unsigned-calls';

/** https://help.aliyun.com/zh/sms/developer-reference/smsreport-2 */
export class AliyunReceipts extends UnsignedCalls implements ReceiptSource {
  readonly acknowledgement = { code: 0, msg: 'OK' };

  read(body: Buffer): Receipt[] {
    return listIn(body).flatMap(({ biz_id, success, err_code, report_time }) => {
      const status = success === true || success === 'true' ? 'delivered' : 'failed';
      return receiptsOf(biz_id, status, err_code, chinaTime(report_time));
    });
  }
}
