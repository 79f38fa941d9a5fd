import { FlakyEndpoint } from '../support/flaky-endpoint';
import { stormWithKills } from '../support/killed-nodes';
import { describeStandard } from '../support/stores';

describeStandard('three nodes that are killed again and again', () => {
  it('rule 22: leave no change of 100,000 events untold, to a reader of the feed and to an endpoint that is down a tenth of the time', async () => {
    const endpoint = await FlakyEndpoint.open();
    const startedAt = Date.now();
    const { read, stored, untold } = await stormWithKills({
      nodes: 3,
      kills: 25,
      clients: 24,
      changes: 10,
      siblings: 50,
      events: 100_000,
      endpoint,
    });
    await endpoint.close();
    const seconds = Math.round((Date.now() - startedAt) / 1000);
    const { calls, p95 } = endpoint;
    console.log(
      `${stored.length} events in ${seconds} s, ${calls} calls, p95 until the first: ${p95} ms`,
    );

    const ids = stored.map((id) => `evt_${id}`);
    expect(untold).toEqual({});
    expect(read.map(({ id }) => id)).toEqual(ids);
    expect(read.map(({ position }) => Number(position))).toEqual(ids.map((_, index) => index + 1));
    expect(ids.filter((id) => !endpoint.told.has(id))).toEqual([]);
    expect(endpoint.misnamed).toEqual([]);
  }, 1_800_000);
});
