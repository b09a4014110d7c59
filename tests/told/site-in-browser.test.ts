import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  auditPageSchema,
  type SiteEdit,
  type SiteFileView,
  siteAppliedSchema,
  siteFileViewSchema,
} from '@watchpost/contracts/api';
import { siteSchema } from '@watchpost/contracts/site';
import { decodeImage, type Frame } from '@watchpost/inference';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { maskPolicy } from '../../edge-agent/src/camera/policy.ts';
import { ApiClient } from '../support/api-client.ts';
import { waitFor } from '../support/wait-for.ts';
import { killProcessesOf, startWatchpost, type WatchpostProcess } from '../support/watchpost-process.ts';

// A site as the console changes it, with everything that runs beside: supervisor, alerting, door, gateway.
const data = mkdtempSync(join(tmpdir(), 'watchpost-in-browser-'));
const file = join(data, 'server/sites/demo/site.yaml');
let site: WatchpostProcess;
let api: ApiClient;

beforeAll(async () => {
  site = await startWatchpost({ WATCHPOST_DATA: data });
  api = await ApiClient.logIn(site.ready);
});
afterAll(() => {
  site?.kill();
  killProcessesOf(data);
  rmSync(data, { recursive: true, force: true });
});

const read = async (): Promise<SiteFileView> =>
  siteFileViewSchema.parse(await (await api.get('/site-file?site=demo')).json());
/** As a page asks: once a second, because there is a limit. */
async function calmly<T>(ask: () => Promise<T>): Promise<T> {
  await sleep(1_000);
  return ask();
}
/** Alerting may be starting again. */
const inForce = () =>
  waitFor(
    'what was changed is in force',
    () => calmly(async () => (await read().catch(() => undefined))?.inForce === true),
    60_000,
  );
async function apply(...edits: SiteEdit[]) {
  const { digest: basedOn } = await read();
  const answer = await api.post('/site-file/apply?site=demo', { basedOn, edits });
  const applied = siteAppliedSchema.parse(await answer.json());
  await inForce();
  return applied;
}
async function still(): Promise<{ readonly frame: Frame; readonly bytes: Buffer }> {
  const answer = await api.post('/cameras/gate-camera/still?site=demo', { reason: 'to draw its mask' });
  expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'image/jpeg']);
  const bytes = Buffer.from(await answer.arrayBuffer());
  return { frame: await decodeImage(bytes), bytes };
}
/** How far a part of a picture is from the grey of masks, at most; sides in parts of the picture. */
function farFromGrey({ width, height, data: pixels }: Frame, part: number): number {
  let far = 0;
  for (let y = 0; y < Math.floor(height * part); y++)
    for (let x = 0; x < Math.floor(width * part) * 3; x++)
      far = Math.max(far, Math.abs((pixels[y * width * 3 + x] ?? 0) - maskPolicy.grey));
  return far;
}
const filesBelow = (folder: string): string[] =>
  readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));

test('a picture comes through the door; once a mask is drawn, what it covers is grey', async () => {
  await inForce();
  const before = await waitFor('the first picture', () => still().catch(() => undefined), 60_000);
  expect(farFromGrey(before.frame, 0.3)).toBeGreaterThan(40);
  const outline = [
    [0, 0],
    [0.35, 0],
    [0.35, 0.35],
    [0, 0.35],
  ];
  const comments = readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => /^\s*#/.test(line));
  const applied = await apply({ path: ['devices', 0, 'masks'], value: [{ name: 'neighbours', outline }] });
  expect(applied.changes).toMatchObject({ alerting: false, gateways: [{ changed: ['gate-camera'] }] });
  expect(
    readFileSync(file, 'utf8')
      .split('\n')
      .filter((line) => /^\s*#/.test(line)),
  ).toEqual(comments);
  const after = await waitFor('the masked picture', async () => {
    // While the camera is told anew it has none.
    const now = await still().catch(() => undefined);
    return now && farFromGrey(now.frame, 0.3) < 30 ? now.bytes : undefined;
  });
  // Nowhere on the disk: neither file nor database, log or outbox.
  const middle = after.subarray(after.length >> 1, (after.length >> 1) + 48);
  for (const path of filesBelow(data))
    if (statSync(path, { throwIfNoEntry: false })?.size)
      expect(readFileSync(path).includes(middle), path).toBe(false);
  const { entries } = auditPageSchema.parse(
    await (await api.get('/audit?action=still_viewed&limit=1')).json(),
  );
  expect(entries).toMatchObject([
    { reason: 'to draw its mask', subject: { id: 'gate-camera' }, outcome: 'done' },
  ]);
});

test('a change for which alerting starts again is answered before it does, and there afterwards', async () => {
  const applied = await apply({ path: ['zones', 0, 'name', 'en'], value: 'South gate' });
  expect(applied.changes).toMatchObject({ alerting: true });
  const shown = await waitFor('the new name', async () => {
    const answer = await api.get('/site?site=demo').catch(() => undefined);
    const found = answer?.ok && siteSchema.parse(await answer.json());
    return found && found.zones[0]?.name.en === 'South gate';
  });
  expect(shown).toBe(true);
});

test('of a camera that nobody can reach the answer says what is wrong', async () => {
  const edit = { path: ['devices', 0, 'connect'], value: { driver: 'rtsp', url: 'rtsp://127.0.0.1:9/' } };
  await apply(edit);
  let said: unknown;
  const ask = async () => {
    await sleep(2_000);
    const answer = await api.post('/cameras/gate-camera/still?site=demo', { reason: 'to see it' });
    said = await answer.json();
    const { code, details } = said as { code?: string; details?: { error?: string } };
    return code === 'still.no_picture' && details?.error === 'edge.camera_refused';
  };
  const why = await waitFor('why there is no picture', ask, 45_000).catch((error: Error) => {
    throw new Error(`${error.message}: ${JSON.stringify(said)}`);
  });
  expect(why).toBe(true);
});
