import { ServerProcess } from '../support/server-process';
import { smsEnv } from '../support/sms-env';
import { describeStandard, freshStores } from '../support/stores';
import { randomMobile } from '../support/mobile';
import { SmsInbox } from '../support/sms-inbox';
import { until } from '../support/until';

/** Twice what is promised, because tests share the processors. */
const SECONDS = 2;

describeStandard('two nodes on one database, without Redis', () => {
  let inbox: SmsInbox;
  let env: Record<string, string>;
  let nodes: ServerProcess[];

  const startNodes = () => Promise.all([0, 1].map(() => ServerProcess.startReady(env)));
  const stopNodes = () => Promise.all(nodes.map((node) => node.stop('SIGKILL')));

  beforeAll(async () => {
    inbox = await SmsInbox.open();
    const { DATABASE_URL, DATA_DIR } = await freshStores('standard');
    env = { ...smsEnv(inbox), LOG_LEVEL: 'info', DATABASE_URL: DATABASE_URL!, DATA_DIR: DATA_DIR! };
    nodes = await startNodes();
  });
  afterAll(async () => {
    await stopNodes();
    await inbox.close();
  });

  const logIn = async () => {
    const [one, other] = nodes;
    const mobile = randomMobile();
    await one!.post('/auth/codes', { mobile });
    const { body } = await other!.post('/auth/tokens', { mobile, code: inbox.codeFor(mobile) });
    return body;
  };
  const statusesOf = (token: string) =>
    Promise.all(nodes.map(async (node) => (await node.get('/users/me', { token })).status));

  it('a code that one sent opens a session on the other', async () => {
    expect(await statusesOf((await logIn()).token)).toEqual([200, 200]);
  });

  it('rule 10: a logout on one takes effect on the other, and holds after a restart of both', async () => {
    const [leaves, stays] = [await logIn(), await logIn()];

    await nodes[0]!.delete('/auth/tokens', { token: leaves.token });

    const isOut = async () => (await statusesOf(leaves.token)).every((status) => status === 401);
    await until(isOut, SECONDS);
    await stopNodes();
    nodes = await startNodes();
    expect(await statusesOf(leaves.token)).toEqual([401, 401]);
    expect(await statusesOf(stays.token)).toEqual([200, 200]);
  });
});
