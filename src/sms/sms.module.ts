import { Module } from '@nestjs/common';
import { SmsSender } from './sms-sender.service';

@Module({ providers: [SmsSender], exports: [SmsSender] })
export class SmsModule {}
