import { stormWithKills } from '../support/killed-nodes';
import { describeStandard } from '../support/stores';

describeStandard('nodes that are killed while users log in and out', () => {
  it('rule 22: leave no change without its event and audit, and none of these without the change; the feed has no gap and one order', async () => {
    const { read, stored, untold } = await stormWithKills({
      nodes: 2,
      kills: 2,
      clients: 6,
      changes: 2,
      siblings: 2,
      events: 400,
    });

    expect(untold).toEqual({});
    expect(read.map(({ position }) => Number(position))).toEqual(
      stored.map((_, index) => index + 1),
    );
    expect(read.map(({ id }) => id)).toEqual(stored.map((id) => `evt_${id}`));
  });
});
