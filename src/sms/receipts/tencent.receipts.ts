import { chinaTime, listIn, type Receipt, receiptsOf, type ReceiptSource } from './receipt';
import { UnsignedCalls } from './unsigned-calls';

/** https://cloud.tencent.com/document/product/382/59178 */
export class TencentReceipts extends UnsignedCalls implements ReceiptSource {
  readonly acknowledgement = { result: 0, errmsg: 'OK' };

  read(body: Buffer): Receipt[] {
    return listIn(body).flatMap(({ sid, report_status, errmsg, user_receive_time }) => {
      const status = report_status === 'SUCCESS' ? 'delivered' : 'failed';
      return receiptsOf(sid, status, errmsg, chinaTime(user_receive_time));
    });
  }
}
