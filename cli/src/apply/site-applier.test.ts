import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { planCommand } from '../commands/plan.ts';
import { testIo } from '../commands/test-io.ts';
import { demoFolder } from '../demo/demo-folder.ts';
import { openServerFolder } from '../server/open-server-folder.ts';
import { changeLines } from './change-lines.ts';
import { FolderWatch } from './folder-watch.ts';
import { countsFromNextStart } from './live-apply.ts';
import { plannedChanges } from './planned-changes.ts';
import { type BrokenFile, SiteApplier } from './site-applier.ts';
import type { SiteChanges } from './site-changes.ts';
import { toldFiles } from './told-files.ts';

let data: string;
let folder: string;
let put: SiteChanges[][];
let broken: (readonly BrokenFile[])[];
beforeEach(() => {
  data = mkdtempSync(join(tmpdir(), 'apply-'));
  folder = demoFolder(data);
  put = [];
  broken = [];
});
afterEach(() => rmSync(data, { recursive: true, force: true }));

const sitePath = () => join(folder, 'sites/demo/site.yaml');
function change(was: string, by: string): void {
  const text = readFileSync(sitePath(), 'utf8');
  expect(text).toContain(was);
  writeFileSync(sitePath(), text.replace(was, by));
}
function running() {
  const opened = openServerFolder(folder, { say: () => undefined, texts: { chinese: false } });
  const applier = new SiteApplier({
    running: opened.sites,
    look: (site) => opened.look(site),
    lookAtServer: () => opened.lookAtServer(),
    put: async (_sites, changes) => void put.push([...changes]),
    nextStart: countsFromNextStart(folder, [...opened.sites.keys()]),
    onApplied: (applied) => void broken.push(applied.broken),
    logger: pino({ level: 'silent' }),
  });
  return { opened, applier };
}
const gatewayOf = (changes: readonly SiteChanges[] | undefined) => changes?.[0]?.gateways[0];

describe('a site file that is changed while the server runs', () => {
  it('restarts the device that is another one, and nothing else', async () => {
    const { opened, applier } = running();
    change('fps: 8', 'fps: 5');
    await applier.apply();
    const all = opened.sites.get('demo')?.site.devices ?? [];
    expect(put).toHaveLength(1);
    expect(put[0]?.[0]?.alerting).toBe(false);
    expect(gatewayOf(put[0])).toMatchObject({ added: [], gone: [] });
    expect(gatewayOf(put[0])?.changed).toHaveLength(1);
    expect(gatewayOf(put[0])?.kept).toHaveLength(all.length - 1);
  });
  it('restarts the camera whose mask is another one, and every camera for what counts as motion', async () => {
    const { opened, applier } = running();
    const devices = opened.sites.get('demo')?.site.devices ?? [];
    const cameras = devices.filter(({ kind }) => kind === 'camera').map(({ id }) => id);
    const mask = (x: number) =>
      `fps: 8\n    masks: [{ name: window, outline: [[0, 0], [${x}, 0], [0, 0.2]] }]\n`;
    change('fps: 8\n', mask(0.2));
    await applier.apply();
    change(mask(0.2), mask(0.3));
    await applier.apply();
    expect(put.map((sites) => gatewayOf(sites)?.changed)).toEqual([[cameras[0]], [cameras[0]]]);
    writeFileSync(sitePath(), `${readFileSync(sitePath(), 'utf8')}\npolicy: { motion: { cells: 4 } }\n`);
    await applier.apply();
    expect(put.map(([site]) => site?.alerting)).toEqual([false, false, false]);
    expect(gatewayOf(put[2])?.changed).toEqual(cameras);
    // A mask that would silence the camera: it is off, and told.
    change(mask(0.3), 'fps: 8\n    masks: [{ name: window, outline: [[0, 0], [1, 0], [1, 1], [0, 1]] }]\n');
    const applied = await applier.apply();
    expect(applied.devicesOff).toMatchObject([
      { mistake: { code: 'site.masked_everywhere', details: { found: '100 %', most: '95 %' } } },
    ]);
    expect(gatewayOf(put[3])?.gone).toEqual([cameras[0]]);
  });
  it('restarts alerting for what it shows, and no device', async () => {
    const { applier } = running();
    change('criticality: 0.9', 'criticality: 0.8');
    await applier.apply();
    expect(put[0]?.[0]).toMatchObject({ alerting: true, gateways: [] });
  });
  it('restarts alerting for what officers are to do', async () => {
    const { applier } = running();
    change('call 119 at once', 'press the button at once');
    await applier.apply();
    expect(put[0]?.[0]).toMatchObject({ alerting: true, gateways: [] });
  });
  it('restarts nothing for how permits are renewed, and only what reads codes for how passes are judged', async () => {
    const { applier } = running();
    change('version: 1\n', 'version: 1\npolicy:\n  permit: { life: 30s, renewEvery: 10s }\n');
    const { sites } = await applier.apply();
    expect(put[0]?.[0]).toMatchObject({ alerting: false, permits: true, gateways: [] });
    expect(changeLines(sites, [], false)).toContain('permits: renewed by the new numbers');
    expect(changeLines(sites, [], true)).toContain('许可：即刻按新数值续发');
    change('policy:\n', 'policy:\n  passes: { clockTolerance: 30s }\n');
    await applier.apply();
    expect(put[1]?.[0]).toMatchObject({ alerting: false, permits: false });
    const { changed = [], kept = [] } = gatewayOf(put[1]) ?? {};
    expect([changed.length > 0, kept.length > 0]).toEqual([true, true]);
    change('policy:\n', 'policy:\n  lists: { eraseAfter: 10d }\n');
    await applier.apply();
    expect(put[2]?.[0]).toMatchObject({ alerting: true, permits: false, gateways: [] });
  });
  it('says that withdrawals take longer from then on, also to whoever looks at the records', async () => {
    const { applier } = running();
    change('version: 1\n', 'version: 1\npolicy: { permit: { life: 8h, reason: a ship at sea } }\n');
    const { sites } = await applier.apply();
    const slowWithdrawal = { withinMs: 28_800_000, reason: 'a ship at sea' };
    expect(put[0]?.[0]).toMatchObject({ alerting: true, permits: true, gateways: [], slowWithdrawal });
    expect(changeLines(sites, [], false)).toContain(
      'withdrawn for up to 8h (policy.permit.life). Reason: a ship',
    );
    expect(changeLines(sites, [], true)).toContain('最长 8h 后才停止比对');
  });
  it('restarts alerting for another rule set, says which, and keeps a broken one out', async () => {
    const { opened, applier } = running();
    const rules = join(folder, 'sites/demo/rules');
    mkdirSync(rules);
    const write = (context: string) =>
      writeFileSync(join(rules, 'strict.yaml'), `version: 1\nextends: wp-1\ncontext: ${context}\n`);
    write('{ zone: 9 }');
    change('version: 1\n', 'version: 1\npolicy: { risk: { ruleSet: strict } }\n');
    const planned = plannedChanges(folder, Date.now());
    expect(changeLines(planned.sites, [], false)).toMatch(/rule set: wp-1 → strict@[0-9a-f]{12}/);
    expect(changeLines(planned.sites, [], true)).toContain('规则集');
    await applier.apply();
    expect(put[0]?.[0]).toMatchObject({ alerting: true, gateways: [], ruleSet: { before: 'wp-1' } });
    write('{ zone: 9 } # why');
    await applier.apply();
    expect(put).toHaveLength(1);
    write('{ zone: 900 }');
    expect(plannedChanges(folder, Date.now()).refused).toEqual(['demo']);
    const { broken: told } = await applier.apply();
    expect(told).toMatchObject([{ site: 'demo', mistake: { path: '/context/zone', line: 3 } }]);
    expect(opened.look('demo').site?.ruleSet?.rules.context.zone).toBe(9);
    // What else the site file says is put into force nevertheless.
    change('criticality: 0.9', 'criticality: 0.8');
    await applier.apply();
    expect(put[1]?.[0]).toMatchObject({ alerting: true });
    expect(put[1]?.[0]?.ruleSet).toBeUndefined();
    write('{ zone: 8 }');
    expect((await applier.apply()).broken).toEqual([]);
    expect(put[2]?.[0]?.ruleSet?.after).not.toBe(put[0]?.[0]?.ruleSet?.after);
  });
  it('is applied once: what is in force already changes nothing', async () => {
    const { applier } = running();
    change('fps: 8', 'fps: 5');
    const both = await Promise.all([applier.apply(), applier.apply()]);
    expect(put).toHaveLength(1);
    // Who asked second is told what the first one did.
    expect(both.map(({ sites }) => gatewayOf(sites)?.changed.length)).toEqual([1, 1]);
    expect(gatewayOf((await applier.apply()).sites)).toBeUndefined();
    change('fps: 5', 'fps: 8');
    await applier.apply();
    expect(put).toHaveLength(2);
  });
  it('with a mistake leaves what is in force, says where it is, and is over when mended', async () => {
    const { applier } = running();
    change('timeZone: Asia/Shanghai', 'timeZone: Mars');
    change('fps: 8', 'fps: 5');
    const applied = await applier.apply();
    expect(put).toEqual([]);
    expect(applied.broken[0]).toMatchObject({
      site: 'demo',
      mistake: { code: 'site.format', file: 'sites/demo/site.yaml', path: '/timeZone' },
    });
    expect(applied.broken[0]?.mistake.line).toBeGreaterThan(1);
    change('timeZone: Mars', 'timeZone: Asia/Shanghai');
    await applier.apply();
    expect(broken.map((each) => each.length)).toEqual([1, 0]);
    expect(gatewayOf(put[0])?.changed).toHaveLength(1);
  });
  it('of the server with a mistake is told beside sites that are put into force', async () => {
    const { applier } = running();
    const file = join(folder, 'server.yaml');
    const good = readFileSync(file, 'utf8');
    writeFileSync(file, `${good}lisen: {}\n`);
    change('fps: 8', 'fps: 5');
    const applied = await applier.apply();
    expect(put).toHaveLength(1);
    expect(applied.broken).toEqual([
      { mistake: expect.objectContaining({ code: 'site.unknown_key', file: 'server.yaml', path: '/lisen' }) },
    ]);
    writeFileSync(file, good);
    expect((await applier.apply()).broken).toEqual([]);
  });
  it('a device with a mistake is off, and the rest is in force', async () => {
    const { applier } = running();
    change('    kind: smoke\n', '    kind: smok\n');
    const applied = await applier.apply();
    expect(applied.broken).toEqual([]);
    expect(applied.devicesOff).toMatchObject([
      { site: 'demo', mistake: { code: 'site.not_listed', file: 'sites/demo/site.yaml' } },
    ]);
    expect(gatewayOf(put[0])?.gone).toEqual(['server-smoke']);
  });
  it('what cannot be put into force meanwhile failed is tried again at the next time', async () => {
    const { opened } = running();
    let fails = true;
    const applier = new SiteApplier({
      running: opened.sites,
      look: (site) => opened.look(site),
      lookAtServer: () => [],
      put: async (_sites, changes) => {
        if (fails) throw new Error('disk full');
        put.push([...changes]);
      },
      nextStart: () => [],
      onApplied: () => undefined,
      logger: pino({ level: 'silent' }),
    });
    change('fps: 8', 'fps: 5');
    await expect(applier.apply()).rejects.toThrow('disk full');
    fails = false;
    await applier.apply();
    expect(put).toHaveLength(1);
  });
  it('names what counts from the next start', async () => {
    const { applier } = running();
    writeFileSync(join(folder, 'server.yaml'), `${readFileSync(join(folder, 'server.yaml'), 'utf8')}\n`);
    cpSync(join(folder, 'sites/demo'), join(folder, 'sites/other'), { recursive: true });
    const applied = await applier.apply();
    expect(applied.nextStart).toEqual(['server.yaml', 'sites/other/site.yaml']);
    expect(toldFiles(applied).restart).toEqual({
      ...{ status: 'degraded', error: 'site.restart_needed', details: { files: 2 } },
    });
    rmSync(join(folder, 'sites/other'), { recursive: true });
    rmSync(join(folder, 'sites/demo'), { recursive: true });
    expect((await applier.apply()).nextStart).toEqual(['server.yaml', 'sites/demo/site.yaml']);
  });
});

describe('plan', () => {
  it('says what would be restarted and what is untouched, and changes nothing', async () => {
    running();
    change('fps: 8', 'fps: 5');
    const planned = plannedChanges(folder, Date.now());
    expect(planned.sites[0]).toMatchObject({ site: 'demo', alerting: false });
    expect(plannedChanges(folder, Date.now())).toEqual(planned);
    const english = testIo();
    expect(await planCommand(folder, { json: false, lang: 'en' }, english)).toBe(0);
    expect(english.written.out).toMatch(
      /alerting: goes on untouched[\s\S]*restarted: \S+; untouched: \d+ devices/,
    );
    const chinese = testIo();
    await planCommand(folder, { json: false, lang: 'zh-CN' }, chinese);
    expect(chinese.written.out).toMatch(/告警服务：不受影响[\s\S]*重启: \S+；不受影响: \d+ 台设备/);
  });
  it('names the camera whose mask was changed, in both languages', async () => {
    running();
    change('fps: 8', 'fps: 8\n    masks: [{ name: window, outline: [[0, 0], [0.2, 0], [0, 0.2]] }]');
    for (const [lang, words] of [
      ['en', /restarted: gate-camera; untouched/],
      ['zh-CN', /重启: gate-camera；不受影响/],
    ] as const) {
      const io = testIo();
      expect(await planCommand(folder, { json: false, lang }, io)).toBe(0);
      expect(io.written.out).toMatch(words);
    }
  });
  it('says what needs a restart, with an exit code of its own', async () => {
    running();
    writeFileSync(join(folder, 'server.yaml'), `${readFileSync(join(folder, 'server.yaml'), 'utf8')}\n`);
    const io = testIo();
    expect(await planCommand(folder, { json: false, lang: 'en' }, io)).toBe(3);
    expect(io.written.out).toMatch(/Restart needed; until then this does not count: server\.yaml/);
  });
  it('of the files in force is that nothing changes', async () => {
    running();
    const io = testIo();
    expect(await planCommand(folder, { json: false, lang: 'en' }, io)).toBe(0);
    expect(io.written.out).toBe('Nothing changes.\n');
  });
  it.each([
    ['a folder that is not there', () => join(data, 'nowhere'), ['server.yaml', 'sites']],
    [
      'a broken server.yaml',
      () => {
        writeFileSync(join(folder, 'server.yaml'), 'lisen: {}');
        return folder;
      },
      ['server.yaml'],
    ],
  ])('of %s is refused, with exit code 1', async (_what, where, refused) => {
    const io = testIo();
    expect(await planCommand(where(), { json: true }, io)).toBe(1);
    expect(JSON.parse(io.written.out)).toMatchObject({ refused });
  });
  it('of a broken file says where, with exit code 1', async () => {
    running();
    change('timeZone: Asia/Shanghai', 'timeZone: Mars');
    const io = testIo();
    expect(await planCommand(folder, { json: true }, io)).toBe(1);
    expect(JSON.parse(io.written.out)).toMatchObject({
      refused: ['demo'],
      mistakes: [{ code: 'site.format' }],
    });
  });
});

describe('the files of a running server are followed', () => {
  it('and a change counts once, when it is written whole', async () => {
    let changes = 0;
    const watch = new FolderWatch(folder, 15, () => {
      changes++;
    });
    watch.start();
    try {
      change('fps: 8', 'fps: 5');
      await vi.waitFor(() => expect(changes).toBe(1), { timeout: 10_000, interval: 5 });
      rmSync(sitePath());
      await vi.waitFor(() => expect(changes).toBe(2), { timeout: 10_000, interval: 5 });
    } finally {
      watch.stop();
    }
  });
});
