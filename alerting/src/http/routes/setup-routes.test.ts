import { setupAnswerSchema } from '@watchpost/contracts/api';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { HttpSite } from '../../testing/http-site.ts';

let site: HttpSite;
beforeAll(async () => {
  site = await HttpSite.open();
});
afterAll(() => site.close());

const read = async () =>
  setupAnswerSchema.parse((await site.ask('GET', '/api/v1/setup', 'auditor')).json()).setup;
const put = (body: object, role: 'integrator' | 'auditor' | 'viewer' = 'integrator') =>
  site.ask('PUT', '/api/v1/setup', role, body);

it('can be left and gone on with', async () => {
  expect(await read()).toBeNull();
  await put({ step: 'site' });
  expect(await read()).toMatchObject({ step: 'site', choices: {} });
  const step = { step: 'first_camera', choices: { camera: 'gate', faces: false, fps: 5 } };
  expect((await put(step)).statusCode).toBe(200);
  expect(await read()).toEqual({ ...step, savedAt: new Date(site.clock.nowMs).toISOString() });
});

it.each(['password', 'cameraPassword', 'secretName', 'token', 'recoveryCode', 'a b'])(
  'keeps nothing called %s',
  async (name) => {
    const before = await read();
    expect((await put({ step: 'site', choices: { [name]: 'hunter2' } })).statusCode).toBe(400);
    expect(await read()).toEqual(before);
  },
);

it('is kept by who may change the site', async () => {
  for (const role of ['viewer', 'auditor'] as const)
    expect((await put({ step: 'site' }, role)).statusCode).toBe(403);
});
