import late = require('../../src/http/late-swagger');
import { TestApp } from '../support/test-app';

describe('the docs', () => {
  let app: TestApp;

  beforeAll(async () => (app = await TestApp.start()));
  afterAll(() => app.close());

  it('are there with the next request when their start has failed', async () => {
    jest.spyOn(late, 'load').mockImplementationOnce(() => {
      throw new Error('no file descriptor is free');
    });

    expect((await app.get('/docs')).status).toBe(500);
    expect((await app.get('/docs')).status).toBe(200);
  });
});
