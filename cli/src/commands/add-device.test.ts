import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type AddOptions, addDeviceCommand } from './add-device.ts';
import { checkCommand } from './check.ts';
import { testIo } from './test-io.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'add-'));
  cpSync(fileURLToPath(new URL('../../../demo/', import.meta.url)), folder, { recursive: true });
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const path = () => join(folder, 'sites/demo/site.yaml');
const text = () => readFileSync(path(), 'utf8');
async function add(what: string, options: Partial<AddOptions> & { readonly id: string }) {
  const io = testIo();
  const code = await addDeviceCommand(what, folder, { set: [], json: false, lang: 'en', ...options }, io);
  return { code, out: io.written.out, err: io.written.err };
}
const mqttDoor = [
  'connect.driver=mqtt-json',
  'connect.url=mqtt://192.0.2.5:1883',
  'connect.topic=hall/door',
  'connect.value.pointer=/contact',
  'connect.value.invert=true',
];

describe('watchpost add', () => {
  it('adds a sensor with what is usual, where the list ends, and touches nothing else', async () => {
    const before = text();
    const { code, out } = await add('sensor', {
      id: 'side-door',
      kind: 'door_contact',
      zone: 'lobby',
      set: mqttDoor,
    });
    expect(code).toBe(0);
    const line =
      text()
        .split('\n')
        .findIndex((each) => each.includes('id: side-door')) + 1;
    expect(out).toBe(`Added: side-door (sites/demo/site.yaml:${line}). It counts from the next start.\n`);
    const added = text()
      .split('\n')
      .filter((each) => !before.split('\n').includes(each));
    expect(text().split('\n').length).toBeGreaterThan(before.split('\n').length);
    expect(added.join('\n')).toContain('id: side-door');
    for (const each of before.split('\n')) expect(text()).toContain(each);
    expect(await checkCommand(folder, { json: false, lang: 'en' }, testIo())).toBe(0);
  });
  it('takes the driver of a camera from its address, and the password by name', async () => {
    const camera = { id: 'cam', zone: 'gate', url: 'rtsp://192.0.2.9/s', user: 'u', password: 'cam' };
    const { code, out } = await add('camera', camera);
    expect(code).toBe(1);
    expect(out).toContain('[site.secret_missing]');
    const secrets = join(folder, 'secrets');
    mkdirSync(secrets);
    writeFileSync(join(secrets, 'cam'), 'x', { mode: 0o600 });
    expect((await add('camera', camera)).code).toBe(0);
    expect(text()).toContain('driver: rtsp');
  });
  it('writes nothing that has a mistake, and says it', async () => {
    const before = text();
    const { code, out } = await add('sensor', {
      id: 'gate',
      kind: 'smoke',
      zone: 'loby',
      set: ['connect.driver=simulator'],
    });
    expect(code).toBe(1);
    expect(out).toContain('did you mean: lobby');
    expect(text()).toBe(before);
  });
  it('of several zones, asks for one', async () => {
    const { code, err } = await add('sensor', { id: 's', kind: 'smoke', set: ['connect.driver=simulator'] });
    expect(code).toBe(2);
    expect(err).toContain('/--zone');
    expect(err).toContain('gate, lobby, office, server-room');
  });
  it.each([
    ['door', { id: 'x' }, '/what'],
    ['sensor', { id: 'x', zone: 'lobby' }, '/--kind'],
    ['sensor', { id: 'x', zone: 'lobby', kind: 'smoke', at: 'here' }, '/--at'],
    ['sensor', { id: 'x', zone: 'lobby', kind: 'smoke', set: ['connect'] }, '/--set'],
  ])('refuses %s %j at %s', async (what, options, where) => {
    const { code, err } = await add(what, options);
    expect(code).toBe(2);
    expect(err).toContain(where);
  });
  it('names the whole path of a folder that is no server, and the sites that there are', async () => {
    const { code, err } = await add('sensor', { id: 'x', kind: 'smoke', site: 'nowhere' });
    expect([code, err]).toEqual([2, expect.stringMatching(/\/--site.*expected: demo/)]);
    const io = testIo();
    const wrong = join(folder, '没有 such');
    const options = { set: [], json: false, lang: 'zh-CN', id: 'x', kind: 'smoke' };
    expect(await addDeviceCommand('sensor', wrong, options, io)).toBe(2);
    expect(io.written.err).toContain(`(${join(wrong, 'server.yaml')})`);
  });
  it('changes no file that has mistakes outside its devices', async () => {
    writeFileSync(path(), text().replace('Asia/Shanghai', 'Mars'));
    const { code, err } = await add('sensor', {
      id: 'x',
      kind: 'smoke',
      zone: 'lobby',
      set: ['connect.driver=simulator'],
    });
    expect(code).toBe(2);
    expect(err).toContain('[site.cannot_edit]');
  });
});
