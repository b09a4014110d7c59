import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type SiteId, siteIdSchema } from '@watchpost/contracts/wire';
import type { LocalServer } from '@watchpost/service';
import pino from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SiteEditorSocket } from '../../alerting/src/site-editing/site-editor-socket.ts';
import { siteEditorContract } from '../../alerting/src/testing/site-editor-contract.ts';
import { SiteApplier } from '../../cli/src/apply/site-applier.ts';
import { demoFolder } from '../../cli/src/demo/demo-folder.ts';
import { openServerFolder } from '../../cli/src/server/open-server-folder.ts';
import { serveSiteFiles, siteFilesSocket } from '../../cli/src/site-editing/serve-site-files.ts';
import { SiteFiles } from '../../cli/src/site-editing/site-files.ts';

const site: SiteId = siteIdSchema.parse('demo');
let data: string;
let folder: string;
let served: LocalServer;
let editor: SiteEditorSocket;
let applied: Promise<unknown>;
beforeEach(async () => {
  data = mkdtempSync(join(tmpdir(), 'site-editor-'));
  folder = demoFolder(data);
  const opened = openServerFolder(folder, { say: () => undefined, texts: { chinese: false } });
  const applier = new SiteApplier({
    running: opened.sites,
    look: (id) => opened.look(id),
    lookAtServer: () => opened.lookAtServer(),
    put: async () => undefined,
    nextStart: () => [],
    onApplied: () => undefined,
    logger: pino({ level: 'silent' }),
  });
  const files = new SiteFiles({ folder, inForce: (id) => applier.inForce(id), nowMs: () => Date.now() });
  const socket = join(data, 'site-files.sock');
  served = await serveSiteFiles(socket, files, () => {
    applied = applier.apply();
  });
  editor = new SiteEditorSocket(socket);
});
afterEach(async () => {
  await served.stop();
  rmSync(data, { recursive: true, force: true });
});

const path = () => join(folder, 'sites/demo/site.yaml');
const text = () => readFileSync(path(), 'utf8');
/** Index of a device in the demo’s file. */
const camera = 0;

describe('the files of a running server, over their socket', () => {
  siteEditorContract(async () => ({ editor, site }));

  it('a change touches nothing but what it names: comments, order and spelling stay', async () => {
    const before = text();
    const { digest } = await editor.read(site);
    const edits = [{ path: ['devices', camera, 'fps'], value: 5 }];
    const { changes } = await editor.apply(site, { basedOn: digest, edits });
    expect(text()).toBe(before.replace('fps: 8', 'fps: 5'));
    expect(changes).toMatchObject({ alerting: false, gateways: [{ changed: ['gate-camera'], gone: [] }] });
    // Nothing is in force before it is asked for.
    expect((await editor.read(site)).inForce).toBe(false);
    await editor.putIntoForce();
    await applied;
    expect((await editor.read(site)).inForce).toBe(true);
  });

  it('of two changes at once the later one is refused, and both versions are kept', async () => {
    const { digest } = await editor.read(site);
    const faster = (fps: number) => ({
      basedOn: digest,
      edits: [{ path: ['devices', camera, 'fps'], value: fps }],
    });
    await editor.apply(site, faster(5));
    const refused = await editor.apply(site, faster(4)).catch((error: unknown) => error);
    expect(refused).toMatchObject({
      code: 'site.changed_meanwhile',
      details: { kept: '.versions/site.yaml.refused-000001' },
    });
    expect(text()).toContain('fps: 5');
    const kept = readFileSync(join(folder, 'sites/demo/.versions/site.yaml.refused-000001'), 'utf8');
    expect(kept).toContain('fps: 4');
    expect(kept).not.toContain('fps: 5');
  });

  it('a change meets one that was made by hand meanwhile in the same way', async () => {
    const { digest } = await editor.read(site);
    writeFileSync(path(), text().replace('Demo campus', 'Our campus'));
    const edits = [{ path: ['devices', camera, 'fps'], value: 4 }];
    await expect(editor.apply(site, { basedOn: digest, edits })).rejects.toMatchObject({
      ...{ code: 'site.changed_meanwhile', details: { kept: expect.any(String) } },
    });
    expect(text()).toContain('Our campus');
  });

  it('mistakes say line and column, of a change that is planned too', async () => {
    writeFileSync(path(), text().replace('fps: 8', 'fps: 8000'));
    const line =
      text()
        .split('\n')
        .findIndex((each) => each.includes('fps: 8000')) + 1;
    const { digest, mistakes, inForce } = await editor.read(site);
    expect(mistakes).toMatchObject([
      { code: 'site.out_of_range', line, column: 10, path: `/devices/${camera}/fps`, section: 'devices' },
    ]);
    expect(inForce).toBe(false);
    const edits = [{ path: ['zones', 0, 'plan'], value: 'cellar' }];
    const plan = await editor.plan(site, { basedOn: digest, edits });
    expect(plan).toMatchObject({ outcome: 'refused' });
    expect(plan.mistakes.map(({ path: at, line: row }) => [at, row > 1])).toEqual([
      ['/zones/0/plan', true],
      [`/devices/${camera}/fps`, true],
    ]);
  });

  it('what is no YAML has mistakes and no value, and cannot be changed here', async () => {
    writeFileSync(path(), `${text()}\n  : [`);
    const { digest, value, mistakes } = await editor.read(site);
    expect([value, mistakes.length > 0]).toEqual([null, true]);
    const edits = [{ path: ['timeZone'], value: 'Europe/Berlin' }];
    await expect(editor.apply(site, { basedOn: digest, edits })).rejects.toMatchObject({
      code: 'site.cannot_edit',
    });
  });

  it('a password that stands in the file by mistake does not leave it', async () => {
    const clear = 'url: "rtsp://u:hunter2@192.0.2.7/", password: hunter2, key: hunter2';
    writeFileSync(path(), text().replace('url: clip.mkv', clear));
    const view = await editor.read(site);
    expect(view.mistakes.length).toBeGreaterThan(0);
    expect(JSON.stringify(view)).not.toContain('hunter2');
  });

  it('a secret is a file for its owner only; nothing outside its folder can be named', async () => {
    const { secret } = await editor.keepSecret(site, 'camera-1', 'correct horse');
    const file = join(folder, 'secrets', secret);
    expect([readFileSync(file, 'utf8'), statSync(file).mode & 0o777]).toEqual(['correct horse', 0o600]);
    for (const name of ['../server', 'a/b', '', '.hidden', 'x'.repeat(33)])
      await expect(editor.keepSecret(site, name, 'x')).rejects.toMatchObject({ code: expect.any(String) });
  });

  it('another’s secret is named in no way that several edits find', async () => {
    const { digest } = await editor.read(site);
    const at = ['devices', camera, 'connect', 'password'];
    for (const edits of [
      [{ path: [...at, 'secret'], value: 'database' }],
      [{ path: at, value: { secret: 'database', more: 1 } }, { path: [...at, 'more'] }],
      [{ path: ['devices', '-'], value: { connect: { password: { secret: 'database' } } } }],
    ])
      await expect(editor.apply(site, { basedOn: digest, edits })).rejects.toMatchObject({
        code: 'site.secret_of_others',
      });
    expect((await editor.read(site)).digest).toBe(digest);
  });

  it('a change that would keep the server waiting is refused', async () => {
    writeFileSync(path(), `${text()}# ${'x'.repeat(200_000)}\n`);
    const { digest } = await editor.read(site);
    // Each takes the place of the one before.
    const edits = Array.from({ length: 200 }, () => ({ path: ['timeZone'], value: 'Europe/Berlin' }));
    await expect(editor.apply(site, { basedOn: digest, edits })).rejects.toMatchObject({
      code: 'site.too_large',
    });
  });

  it('nobody there is told as such', async () => {
    const nobody = new SiteEditorSocket(siteFilesSocket(data));
    await expect(nobody.read(site)).rejects.toMatchObject({ code: 'site.editor_away' });
  });
});
