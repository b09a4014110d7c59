import { auditPageSchema } from '@watchpost/contracts/api';
import { WatchpostError } from '@watchpost/contracts/errors';
import type { CameraProbeAsk } from '@watchpost/contracts/site';
import type { CameraProbeResult, StillAsk } from '@watchpost/contracts/wire';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { codeOf } from '../../testing/http-client.ts';
import { HttpSite } from '../../testing/http-site.ts';

const jpeg = Buffer.from([0xff, 0xd8, 0xff, 0xd9]);
let site: HttpSite;
let asked: StillAsk[] = [];
let tried: CameraProbeAsk[] = [];
let outcome: () => Promise<CameraProbeResult> = async () => ({ error: null });
let answer: () => Promise<Uint8Array> = async () => jpeg;
beforeAll(async () => {
  site = await HttpSite.open({
    stills: {
      still: (ask) => {
        asked.push(ask);
        return answer();
      },
      probe: (ask) => {
        tried.push(ask);
        return outcome();
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

const connect = { driver: 'rtsp', url: 'rtsp://192.168.1.20/stream1', user: 'view' };
const attempt = (role: Parameters<HttpSite['ask']>[2], body: object = {}) =>
  site.ask('POST', '/api/v1/cameras/try', role, { gateway: 'edge1', connect, password: 'one two', ...body });

it('has a camera tried, and writes down who did and what came of it, without the password', async () => {
  tried = [];
  expect((await attempt('integrator')).json()).toEqual({ error: null });
  expect(tried).toMatchObject([
    {
      site: 'test',
      gateway: 'edge1',
      probe: { connect: { ...connect, transport: 'auto' }, password: 'one two' },
    },
  ]);
  outcome = async () => ({ error: 'edge.camera_password' });
  expect((await attempt('admin')).json()).toEqual({ error: 'edge.camera_password' });
  const page = auditPageSchema.parse((await site.ask('GET', '/api/v1/audit?limit=4', 'admin')).json());
  const entry = { action: 'camera_tried', subject: { kind: 'gateway', id: 'edge1' } };
  expect(page.entries).toMatchObject([
    { ...entry, details: { step: 'finished', host: '192.168.1.20', error: 'edge.camera_password' } },
    { ...entry, details: { step: 'begun' } },
    { ...entry, actor: { name: 'integrator' }, details: { step: 'finished', error: null } },
    { ...entry, actor: { name: 'integrator' }, details: { step: 'begun', host: '192.168.1.20' } },
  ]);
  expect([JSON.stringify(page), ...site.lines].join()).not.toContain('one two');
});

it('has none tried with a secret that is not the site’s, by whom it is not for, or at a file', async () => {
  tried = [];
  const password = { secret: 'server.mail' };
  const foreign = await attempt('admin', { connect: { ...connect, password }, password: undefined });
  expect(codeOf(foreign)).toBe('site.secret_of_others');
  site.siteEditor.secrets.set('test.cam', 'kept');
  const own = await attempt('admin', {
    ...{ connect: { ...connect, password: { secret: 'test.cam' } }, password: undefined },
  });
  expect(own.statusCode).toBe(200);
  expect(tried.map(({ probe }) => probe.connect.password)).toEqual([{ secret: 'test.cam' }]);
  for (const role of ['viewer', 'officer', 'supervisor', 'auditor'] as const)
    expect((await attempt(role)).statusCode).toBe(403);
  const file = await attempt('admin', { connect: { driver: 'file', url: '/etc/passwd' } });
  expect(file.statusCode).toBe(400);
  expect(tried).toHaveLength(1);
});
