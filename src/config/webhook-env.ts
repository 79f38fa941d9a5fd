import { AllowedHosts } from './outgoing-env-fields';

/** The variables about webhooks. */
export abstract class WebhookEnv {
  /** Names and networks of your own that webhooks may call, beside public addresses. */
  @AllowedHosts()
  WEBHOOK_ALLOW_PRIVATE: string[] = [];
}
