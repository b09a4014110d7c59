import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startBroker } from '@watchpost/broker';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { brokerRulesCommand } from './broker-rules.ts';
import { brokerTopCommand, viewOf } from './broker-top.ts';
import { parsePrometheus } from './prometheus-text.ts';
import { testIo } from './test-io.ts';

let folder: string;
let server: Server | undefined;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'watchpost-broker-'));
});
afterEach(() => {
  server?.close();
  server = undefined;
  rmSync(folder, { recursive: true });
});

const digest = 'ab'.repeat(32);
function config(): string {
  const path = join(folder, 'broker.json');
  const principal = { kind: 'gateway', name: 'gw-1', site: 'demo', gateway: 'gw-1' };
  writeFileSync(
    path,
    JSON.stringify({ port: 1883, identities: [{ username: 'gw-1', secretSha256: digest, principal }] }),
  );
  return path;
}

it.for([
  ['mosquitto', 'topic write wp/1/demo/gw-1/up'],
  ['nats', 'password: $WATCHPOST_NATS_GW_1'],
  ['emqx', '{deny, all}.'],
])('prints the rules for %s without any secret', async ([target = '', line]) => {
  const io = testIo();
  expect(await brokerRulesCommand({ for: target, config: config() }, io)).toBe(0);
  expect(io.written.out).toContain(line);
  expect(io.written.out).not.toContain(digest);
});

it('writes the files for their owner only, and never over one', async () => {
  const out = join(folder, 'out');
  const io = testIo({ locale: 'zh_CN.UTF-8' });
  expect(await brokerRulesCommand({ for: 'mosquitto', config: config(), out }, io)).toBe(0);
  expect(io.written.err).toBe('已写入: mosquitto.conf, acl\n');
  expect(readFileSync(join(out, 'acl'), 'utf8')).toContain('user gw-1');
  expect(statSync(join(out, 'acl')).mode & 0o777).toBe(0o600);
  expect(await brokerRulesCommand({ for: 'mosquitto', config: config(), out }, io)).toBe(2);
  expect(io.written.err).toContain('[config.invalid]');
});

it('refuses an unknown broker and a file that is no configuration', async () => {
  const io = testIo();
  expect(await brokerRulesCommand({ for: 'rabbit', config: config() }, io)).toBe(2);
  expect(io.written.err).toContain('/--for');
  writeFileSync(join(folder, 'other.json'), '{"port": -1}');
  expect(await brokerRulesCommand({ for: 'nats', config: join(folder, 'other.json') }, io)).toBe(2);
  expect(io.written.err).toContain('/port');
});

it('top shows a running broker once, as text in both languages and as JSON', async () => {
  const broker = await startBroker({ port: 0, metricsPort: 0 });
  const url = `http://127.0.0.1:${broker.metricsPort}/metrics`;
  const options = { url, every: '0.1', once: true, json: false };
  const [english, chinese, json] = [testIo(), testIo({ locale: 'zh_CN.UTF-8' }), testIo()];
  expect(await brokerTopCommand(options, english)).toBe(0);
  expect(english.written.out).toMatch(/^Connections +0$/m);
  expect(english.written.out).toMatch(/^Refused since the start: none$/m);
  expect(await brokerTopCommand(options, chinese)).toBe(0);
  expect(chinese.written.out).toMatch(/^连接 +0$/m);
  expect(await brokerTopCommand({ ...options, json: true }, json)).toBe(0);
  expect(JSON.parse(json.written.out)).toMatchObject({ connections: 0, inPerSecond: 0, refused: {} });
  await broker.stop();
});

it('top says when nothing answers, or something else does', async () => {
  const io = testIo();
  const options = { url: 'http://127.0.0.1:9/metrics', every: '0.1', once: true, json: false };
  expect(await brokerTopCommand(options, io)).toBe(2);
  expect(io.written.err).toContain('[broker.unreachable]');
  const other = createServer((_request, response) => response.end('hello 1\n'));
  server = other;
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  const { port } = other.address() as { port: number };
  expect(await brokerTopCommand({ ...options, url: `http://127.0.0.1:${port}/` }, io)).toBe(2);
  expect(await brokerTopCommand({ ...options, every: 'often' }, io)).toBe(2);
  expect(io.written.err).toContain('/--every');
});

it('rates are per second, and begin again with the process', () => {
  const sample = (messages: number, timeMs: number) =>
    parsePrometheus(
      [
        '# HELP watchpost_broker_messages_in_total x',
        `watchpost_broker_messages_in_total{qos="0"} ${messages}`,
        `watchpost_broker_messages_in_total{qos="1"} ${messages}`,
        'watchpost_broker_refused_total{reason="publish"} 3',
        'watchpost_broker_refused_total{reason="will"} 0',
        'watchpost_broker_cluster_up 0',
      ].join('\n'),
      timeMs,
    );
  expect(viewOf(sample(10, 0), sample(30, 2000))).toMatchObject({
    inPerSecond: 20,
    refused: { publish: 3 },
    clusterUp: false,
  });
  expect(viewOf(sample(10, 0), sample(4, 2000)).inPerSecond).toBe(4);
});
