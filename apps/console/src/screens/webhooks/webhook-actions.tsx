import type { TestedDto, WebhookDto } from '../../contract.ts';
import { asError } from '../../session/failure.ts';
import { ask } from '../../session/server.ts';
import { AskFirst } from '../../ui/ask-first.tsx';
import { Button } from '../../ui/button.tsx';
import { say } from '../../ui/notice.tsx';
import { fill, sentenceOf, words } from '../../words/words.ts';

interface Props {
  readonly id: string;
  readonly onActed: () => void;
}

export function TestWebhook({ id, onActed }: Props) {
  const { webhooks: text } = words.value;
  const test = async () => {
    try {
      const { status, failure } = await ask<TestedDto>('POST', `/admin/webhooks/${id}/test`);
      const answer = [status, failure].filter(Boolean).join(' ');
      say(fill(failure ? text.testFailed : text.tested, { answer }));
      onActed();
    } catch (cause) {
      say(sentenceOf(asError(cause)));
    }
  };
  return <Button onClick={test}>{text.test}</Button>;
}

export function RemoveWebhook({ webhook, onActed }: { webhook: WebhookDto; onActed: () => void }) {
  const { webhooks: text, common } = words.value;
  const act = async () => {
    await ask('DELETE', `/admin/webhooks/${webhook.id}`);
    say(common.done);
    onActed();
  };
  const question = {
    title: text.remove,
    lead: text.removeLead,
    action: text.remove,
    isDangerous: true,
    word: new URL(webhook.url).host,
    act,
  };
  return <AskFirst label={text.remove} question={question} />;
}
