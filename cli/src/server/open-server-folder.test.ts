import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeSite, gatewayPart } from '@watchpost/contracts/site';
import { parseEdgeAgentConfig } from '@watchpost/edge-agent';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { demoFolder, writeDemoSettings } from '../demo/demo-folder.ts';
import { gatewayConfig } from './gateway-config.ts';
import { demoGateway } from './local-gateways.ts';
import { openServerFolder } from './open-server-folder.ts';

let data: string;
let folder: string;
beforeEach(() => {
  data = mkdtempSync(join(tmpdir(), 'folder-'));
  folder = demoFolder(data);
});
afterEach(() => rmSync(data, { recursive: true, force: true }));

const sitePath = () => join(folder, 'sites/demo/site.yaml');
const change = (was: string, by: string) =>
  writeFileSync(sitePath(), readFileSync(sitePath(), 'utf8').replace(was, by));
/** A further site, which is the demo under another name. */
const addSite = (id: string, timeZone = 'timeZone: Asia/Shanghai') => {
  mkdirSync(join(folder, 'sites', id));
  const text = readFileSync(sitePath(), 'utf8').replace('id: demo', `id: ${id}`);
  writeFileSync(join(folder, 'sites', id, 'site.yaml'), text.replace('timeZone: Asia/Shanghai', timeZone));
};
function open() {
  const said: string[] = [];
  const opened = openServerFolder(folder, { say: (line) => said.push(line), texts: { chinese: false } });
  const demo = opened.sites.get('demo');
  if (!demo) throw new Error('the demo site does not run');
  return { opened, ...demo, said: said.join('\n') };
}
const issuer = { kid: 'k', alg: 'EdDSA' as const, publicKey: 'A'.repeat(43), iss: 'demo-issuer' };
const made = {
  clip: '/clips/gate: 1.mkv',
  passes: { valid: 'WP1:ABC', forged: 'WP1:X', expires: 1 },
  issuers: [issuer],
};

describe('the demo’s server folder', () => {
  it('is copied once, and then its owner’s', () => {
    change('criticality: 0.9', 'criticality: 0.8');
    expect(demoFolder(data)).toBe(folder);
    expect(readFileSync(sitePath(), 'utf8')).toContain('criticality: 0.8');
  });
  it('gets what is made on this machine, once, and keeps what its owner wrote', async () => {
    change('fps: 8', 'fps: 5 # enough here');
    await writeDemoSettings(folder, 'demo', made);
    const text = readFileSync(sitePath(), 'utf8');
    expect(text).toContain('fps: 5 # enough here');
    const { site } = open();
    expect(site.devices[0]).toMatchObject({ connect: { driver: 'file', url: made.clip, loop: true } });
    expect(site.devices[1]).toMatchObject({ connect: { texts: ['WP1:ABC'] } });
    expect(site.passes.issuers).toEqual([issuer]);
    await writeDemoSettings(folder, 'demo', made);
    expect(readFileSync(sitePath(), 'utf8')).toBe(text);
  });
  it('is left alone where it is no YAML', async () => {
    writeFileSync(sitePath(), 'a: [');
    await writeDemoSettings(folder, 'demo', made);
    expect(readFileSync(sitePath(), 'utf8')).toBe('a: [');
  });
});

describe('a server folder that is run', () => {
  it('with a broken site runs the version before, and says so', () => {
    open();
    change('timeZone: Asia/Shanghai', 'timeZone: Mars');
    const { site, said } = open();
    expect(site.timeZone).toBe('Asia/Shanghai');
    expect(said).toContain('[site.format]');
    expect(said).toContain('the version before goes on');
  });
  it('is refused with its code where no version was ever good', () => {
    change('timeZone: Asia/Shanghai', 'timeZone: Mars');
    expect(open).toThrow(expect.objectContaining({ code: 'site.format', path: '/timeZone' }));
  });
  it('with a broken server file runs the version before of that, and names both', () => {
    writeFileSync(join(folder, 'server.yaml'), 'version: 1\nlisten: { console: { port: 8081 } }\n');
    expect(open().opened.kept).toEqual([]);
    writeFileSync(join(folder, 'server.yaml'), 'version: 1\nlisten: { console: { prot: 8082 } }\n');
    change('timeZone: Asia/Shanghai', 'timeZone: Mars');
    const { opened, said } = open();
    expect(opened.server.listen.console.port).toBe(8081);
    expect(said).toContain('server.yaml:2:');
    expect(said).toContain('server.yaml: Not put into force; the version before goes on');
    expect(opened.kept).toEqual([
      expect.objectContaining({ file: 'server.yaml', code: 'site.unknown_key', line: 2 }),
      expect.objectContaining({ file: 'sites/demo/site.yaml', code: 'site.format' }),
    ]);
  });
  it('starts with a clock that lost its battery', () => {
    vi.useFakeTimers({ now: 0, toFake: ['Date'] });
    try {
      expect(open().site.privacy).toHaveLength(1);
    } finally {
      vi.useRealTimers();
    }
  });
  it('runs several sites, in the order of their names, each with its own kept version', () => {
    addSite('annex');
    expect([...open().opened.sites.keys()]).toEqual(['annex', 'demo']);
    change('timeZone: Asia/Shanghai', 'timeZone: Mars');
    const { opened, said } = open();
    expect([...opened.sites.values()].map(({ site }) => site.id)).toEqual(['annex', 'demo']);
    expect(said).toContain('demo: Not put into force; the version before goes on');
    expect(said).not.toContain('annex:');
    expect(opened.away).toEqual([]);
    expect(demoGateway(opened)).toEqual({ site: 'annex', gateway: 'gw-1' });
  });
  it('runs without the site of which no version was ever good, and names it', () => {
    addSite('annex', 'timeZone: Mars');
    const { opened, said } = open();
    expect([...opened.sites.keys()]).toEqual(['demo']);
    expect(opened.away).toEqual([{ id: 'annex', error: 'site.format' }]);
    expect(said).toContain('annex: Not put into force, and no version before is good');
    change('timeZone: Asia/Shanghai', 'timeZone: Mars');
    rmSync(join(folder, 'sites/demo/.versions'), { recursive: true });
    expect(open).toThrow(expect.objectContaining({ code: 'site.format', path: '/timeZone' }));
  });
  it('shows a device with a mistake, and its gateway says that it is off', () => {
    change('    kind: smoke\n', '    kind: smok\n');
    const { opened, site, off } = open();
    const { gateway } = demoGateway(opened);
    expect(describeSite(site, off).devices.map(({ id, kind }) => `${id} ${kind}`)).toContain(
      'server-smoke smoke',
    );
    expect(gatewayPart(site, gateway, off).off).toEqual({ shown: ['server-smoke'], others: 0 });
  });
  it('gives its gateway a configuration that the gateway takes', () => {
    const { opened, site } = open();
    const { gateway } = demoGateway(opened);
    const around = { broker: { url: 'mqtt://127.0.0.1:1883' }, dataFolder: '/d', secretsFolder: '/s' };
    const told = {
      ...{ door: 'https://127.0.0.1:8884', keys: [{ kid: 'k', publicKey: 'A'.repeat(43) }] },
      local: { caFile: '/i/ca.pem', certFile: '/i/gateway.pem' },
    };
    const config = gatewayConfig(gatewayPart(site, gateway), { ...around, told });
    const parsed = parseEdgeAgentConfig(config, Date.now());
    expect(parsed.devices.map(({ id }) => id)).toEqual(site.devices.map(({ id }) => id));
    expect(parsed.devices[0]).toMatchObject({ faces: true, assessment: { notPrivate: true } });
    expect(parsed.passes).toMatchObject({ audience: 'gate', countUses: false });
    expect(parsed.motion).toEqual(site.policy.motion);
    const [camera] = parseEdgeAgentConfig(
      gatewayConfig(gatewayPart(site, gateway), around),
      Date.now(),
    ).devices;
    expect(camera, 'without a door there is no gallery').toMatchObject({ faces: false });
  });
  it('tells a gateway of a drawn line in which zone it is crossed, and nothing where none is drawn', () => {
    const { opened, site } = open();
    const { gateway } = demoGateway(opened);
    expect(gatewayPart(site, gateway).devices.filter((each) => 'lines' in each)).toEqual([]);
    const line = 'lines: [{ line: door, from: [0.5, 0], to: [0.5, 1], inside: left }]';
    change('fps: 8', `fps: 8\n    ${line}`);
    const { zones } = site;
    const other = zones.find(({ id }) => id !== 'gate')?.id;
    writeFileSync(
      sitePath(),
      `${readFileSync(sitePath(), 'utf8')}\nlines: [{ id: door, zone: ${other}, name: { zh-CN: 门, en: Door } }]\n`,
    );
    const told = gatewayPart(open().site, gateway).devices.filter((each) => 'lines' in each);
    expect(told).toMatchObject([{ kind: 'camera', lines: [{ line: 'door', zone: other }] }]);
  });
  it('tells a gateway nothing of masks where there are none: one of the last version refuses the word', () => {
    const { opened, site } = open();
    const part = gatewayPart(site, demoGateway(opened).gateway);
    expect(JSON.stringify(part)).not.toContain('"masks"');
    change('fps: 8', 'fps: 8\n    masks: [{ name: window, outline: [[0, 0], [0.2, 0], [0, 0.2]] }]');
    const { opened: again, site: masked } = open();
    const devices = gatewayPart(masked, demoGateway(again).gateway).devices.filter((each) => 'masks' in each);
    expect(devices).toMatchObject([{ kind: 'camera', masks: [{ name: 'window' }] }]);
  });
});

it('a site is described without contacts, addresses of devices and privacy records', () => {
  const { site } = open();
  const described = JSON.stringify(describeSite(site));
  expect(described).not.toMatch(/connect|clip|approvedBy|issuers/);
});
