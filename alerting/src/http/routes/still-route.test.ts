import { auditPageSchema } from '@watchpost/contracts/api';
import { WatchpostError } from '@watchpost/contracts/errors';
import type { StillAsk } from '@watchpost/contracts/wire';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { codeOf } from '../../testing/http-client.ts';
import { HttpSite } from '../../testing/http-site.ts';

const jpeg = Buffer.from([0xff, 0xd8, 0xff, 0xd9]);
let site: HttpSite;
let asked: StillAsk[] = [];
let answer: () => Promise<Uint8Array> = async () => jpeg;
beforeAll(async () => {
  site = await HttpSite.open({
    stills: {
      still: (ask) => {
        asked.push(ask);
        return answer();
      },
    },
  });
});
afterAll(() => site.close());

const look = (
  role: Parameters<HttpSite['ask']>[2],
  camera = 'cam1',
  body: object = { reason: 'to set it up' },
) => site.ask('POST', `/api/v1/cameras/${camera}/still`, role, body);
const newest = async () =>
  auditPageSchema.parse((await site.ask('GET', '/api/v1/audit?limit=1', 'admin')).json()).entries[0];

it('shows a picture for a reason, keeps it in no cache, and writes down who looked', async () => {
  const shown = await look('integrator');
  expect([shown.rawPayload, shown.headers['content-type'], shown.headers['cache-control']]).toEqual([
    jpeg,
    'image/jpeg',
    'no-store',
  ]);
  expect(asked).toEqual([{ site: 'test', gateway: 'edge1', device: 'cam1', reason: 'to set it up' }]);
  expect(await newest()).toMatchObject({
    ...{ action: 'still_viewed', outcome: 'done', reason: 'to set it up', actor: { name: 'integrator' } },
    subject: { kind: 'camera', id: 'cam1' },
  });
});

it.each(['viewer', 'officer', 'supervisor', 'auditor'] as const)(
  'asks no gateway for a %s, and writes the attempt down',
  async (role) => {
    asked = [];
    expect((await look(role)).statusCode).toBe(403);
    expect(asked).toEqual([]);
    expect(await newest()).toMatchObject({
      action: 'still_viewed',
      outcome: 'refused',
      actor: { name: role },
    });
  },
);

it('asks for none without a reason, of what is no camera, or of a site that is somebody else’s', async () => {
  asked = [];
  expect((await look('admin', 'cam1', { reason: '  ' })).statusCode).toBe(400);
  for (const other of ['reader1', 'nobody']) expect((await look('admin', other)).statusCode).toBe(404);
  const elsewhere = '/api/v1/cameras/cam1/still?site=elsewhere';
  expect((await site.ask('POST', elsewhere, 'admin', { reason: 'to look' })).statusCode).toBe(404);
  expect(asked).toEqual([]);
});

it('says why there is no picture, and that it was tried', async () => {
  answer = () =>
    Promise.reject(new WatchpostError('still.no_picture', { details: { error: 'edge.camera_password' } }));
  const none = await look('admin');
  expect([none.statusCode, codeOf(none), none.json().details]).toEqual([
    409,
    'still.no_picture',
    { error: 'edge.camera_password' },
  ]);
  expect(await newest()).toMatchObject({ outcome: 'refused', details: { code: 'still.no_picture' } });
});
