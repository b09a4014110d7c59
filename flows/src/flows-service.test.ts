import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { alertTopic } from '@watchpost/contracts/wire';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type FlowsService, startFlows } from './flows-service.ts';
import { eventually, sampleAlert, TestBroker } from './flows-testing.ts';

const secret = 'a-secret-of-the-reverse-proxy';
const guarded = { 'x-watchpost-flows-secret': secret };

let broker: TestBroker;
let flows: FlowsService;
let dataFolder: string;
const lines: string[] = [];

beforeAll(async () => {
  dataFolder = await mkdtemp(join(tmpdir(), 'watchpost-flows-'));
  broker = await TestBroker.start();
  flows = await startFlows({
    port: 0,
    secret,
    dataFolder,
    site: 'demo',
    broker: { url: broker.url, username: 'flows', password: 'right' },
    logger: pino({}, { write: (line: string) => lines.push(line) }),
  });
});

afterAll(async () => {
  await flows.stop();
  await broker.stop();
  await rm(dataFolder, { recursive: true, force: true });
});

const fetchFrom = (path: string, init: RequestInit = {}): Promise<Response> =>
  fetch(`http://127.0.0.1:${flows.port}${path}`, { ...init, headers: { ...guarded, ...init.headers } });

const postJson = (path: string, body: unknown): Promise<Response> =>
  fetchFrom(path, {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json' },
  });

/** The status of a WebSocket handshake. */
function upgrade(path: string, headers: Record<string, string>): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const handshake = request({
      port: flows.port,
      path,
      headers: {
        connection: 'Upgrade',
        upgrade: 'websocket',
        'sec-websocket-version': '13',
        'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
        ...headers,
      },
    });
    handshake.on('response', (response) => resolve(response.statusCode));
    handshake.on('upgrade', (response, socket) => {
      socket.destroy();
      resolve(response.statusCode);
    });
    handshake.on('error', reject);
    handshake.end();
  });
}

test.each([
  '/',
  '/healthz',
  '/flows/',
  '/flows/flows',
  '/flows/settings',
  '/flows/api/latest',
  '/flows/red/red.min.js',
])('%s needs the secret', async (path) => {
  for (const headers of [{}, { 'x-watchpost-flows-secret': 'wrong' }, { 'x-watchpost-flows-secret': '' }]) {
    const response = await fetch(`http://127.0.0.1:${flows.port}${path}`, { headers: { ...headers } });
    expect(response.status).toBe(403);
    expect(await response.json()).toEqual({ error: { code: 'api.forbidden' } });
  }
});

test('the editor is there with the secret, and is called Watchpost', async () => {
  const response = await fetchFrom('/flows/');
  expect(response.status).toBe(200);
  expect(await response.text()).toContain('<title>Watchpost</title>');
});

test('odd addresses are not found and stop nothing', async () => {
  for (const path of ['/', '//', '/%', '/other', '/flowsx', '/flows/api/none?a=1'])
    expect((await fetchFrom(path)).status).toBe(404);
});

test('the WebSocket needs the secret too', async () => {
  expect(await upgrade('/flows/comms', {})).toBe(403);
  expect(await upgrade('/flows/comms', guarded)).toBe(101);
});

test('an alert becomes a line on the page of the example flow', async () => {
  const alert = sampleAlert({ device: 'smoke-<7>'.replace(/[<>]/g, '') });
  await broker.publishAlert(alert);
  const page = await eventually(async () => {
    const text = await (await fetchFrom('/flows/api/latest')).text();
    return text.includes(alert.device) ? text : undefined;
  });
  expect(page).toContain('紧急 critical · watchpost.sensor.alarm.v1 · 区域 zone gate');
});

test('an alert reaches the debug pane through the comms socket', async () => {
  const socket = new WebSocket(`ws://127.0.0.1:${flows.port}/flows/comms`, {
    headers: guarded,
  } as unknown as string[]);
  await new Promise((resolve) => socket.addEventListener('open', resolve, { once: true }));
  const heard = new Promise<string>((resolve) => {
    socket.addEventListener('message', (event) => {
      for (const { topic, data } of JSON.parse(String(event.data)) as {
        topic: string;
        data: { msg?: string };
      }[])
        if (topic === 'debug') resolve(data.msg ?? '');
    });
  });
  socket.send(JSON.stringify({ subscribe: 'debug' }));
  await eventually(async () =>
    (await (await fetchFrom('/healthz')).json()).broker === 'connected' ? true : undefined,
  );
  await broker.publishAlert(sampleAlert({ device: 'door-4', severity: 'low' }));
  await broker.publishAlert(sampleAlert({ device: 'door-3', severity: 'high' }));
  expect(await heard).toContain('高 high');
  socket.close();
});

test('garbage raises a coded error in the node and stops nothing', async () => {
  await broker.publish(alertTopic('demo', 'junk'), 'not an alert at all', false);
  const line = await eventually(() => lines.find((candidate) => candidate.includes('wire.not_json')));
  expect(line).not.toContain('not an alert');
  const alert = sampleAlert({ device: 'after-garbage' });
  await broker.publishAlert(alert);
  await eventually(async () =>
    (await (await fetchFrom('/flows/api/latest')).text()).includes('after-garbage') ? true : undefined,
  );
});

test('nothing can be installed or removed from the editor', async () => {
  expect((await postJson('/flows/nodes', { module: 'node-red-node-ping' })).status).toBe(403);
  expect((await postJson('/flows//nodes', { module: 'node-red-node-ping' })).status).toBe(403);
  expect((await fetchFrom('/flows/nodes/node-red-contrib-watchpost', { method: 'DELETE' })).status).toBe(403);
  const settings = await (await fetchFrom('/flows/settings')).json();
  expect(settings.externalModules.palette.allowInstall).toBe(false);
});

test('the editor’s settings hold no secret, no telemetry, no projects, no tour', async () => {
  const text = await (await fetchFrom('/flows/settings')).text();
  expect(text).not.toContain(secret);
  expect(text).not.toContain('right');
  const settings = JSON.parse(text);
  expect(settings.telemetryEnabled ?? false).toBe(false);
  expect(settings.editorTheme).toMatchObject({ tours: false, projects: { enabled: false } });
  expect(settings.diagnostics).toMatchObject({ enabled: false });
  expect((await fetchFrom('/flows/diagnostics')).status).not.toBe(200);
});

test('our node is there, exec, file and watch are not', async () => {
  const response = await fetchFrom('/flows/nodes', { headers: { accept: 'application/json' } });
  const types = ((await response.json()) as { types: string[]; err?: string }[]).flatMap((set) => set.types);
  expect(types).toEqual(expect.arrayContaining(['watchpost-alert-in', 'function', 'http request']));
  for (const excluded of ['exec', 'file', 'file in', 'watch']) expect(types).not.toContain(excluded);
});

test('node and editor texts come in both languages', async () => {
  for (const [language, text] of [
    ['zh-CN', '告警输入'],
    ['en-US', 'alert in'],
  ] as const) {
    const node = await (await fetchFrom(`/flows/nodes/messages?lng=${language}`)).text();
    expect(node).toContain(text);
    const editor = await (await fetchFrom(`/flows/locales/editor?lng=${language}`)).text();
    expect(editor).toContain(language === 'zh-CN' ? '部署' : 'Deploy');
  }
});

test('flows do not see the secret, nor a cookie of Watchpost', async () => {
  const { rev, flows: nodes } = (await (
    await fetchFrom('/flows/flows', { headers: { 'node-red-api-version': 'v2' } })
  ).json()) as { rev: string; flows: object[] };
  const echo = [
    { id: 'echo0', type: 'tab', label: 'echo' },
    { id: 'echo1', type: 'http in', z: 'echo0', url: '/echo', method: 'get', wires: [['echo2']] },
    {
      id: 'echo2',
      type: 'function',
      z: 'echo0',
      func: 'msg.payload = { headers: msg.req.headers, raw: msg.req.rawHeaders, query: msg.req.query }; return msg;',
      outputs: 1,
      wires: [['echo3']],
    },
    { id: 'echo3', type: 'http response', z: 'echo0', wires: [] },
  ];
  const deployed = await fetchFrom('/flows/flows', {
    method: 'POST',
    body: JSON.stringify({ rev, flows: [...nodes, ...echo.map((node) => ({ x: 0, y: 0, ...node }))] }),
    headers: { 'content-type': 'application/json', 'node-red-api-version': 'v2' },
  });
  expect(deployed.status).toBe(200);
  const text = await eventually(async () => {
    const cookie = 'wp_session_8080=console; mine=1; __Host-wp_flows_443=door';
    const response = await fetchFrom('/flows/api/echo?size=7', { headers: { cookie } });
    return response.status === 200 ? response.text() : undefined;
  });
  expect(text.toLowerCase()).toContain('user-agent');
  expect(text).not.toContain(secret);
  expect(text).toContain('mine=1');
  expect(text).not.toContain('wp_');
  expect(JSON.parse(text)).toMatchObject({ query: { size: '7' } });
});

test('the secrets in the data folder are for its owner only, and not in the flow file', async () => {
  const folder = join(dataFolder, 'flows');
  expect((await stat(join(folder, 'credential-secret'))).mode & 0o777).toBe(0o600);
  expect((await stat(folder)).mode & 0o777).toBe(0o700);
  const file = await readFile(join(folder, 'flows.json'), 'utf8');
  expect(file).toContain('watchpost-alert-in');
  expect(file).not.toMatch(/mqtt:|password|127\.0\.0\.1/);
});

test('a first start warns of nothing', () => {
  const early = lines.slice(
    0,
    lines.findIndex((line) => line.includes('"flows run"')),
  );
  expect(early.map((line) => (JSON.parse(line) as { msg: string }).msg)).toEqual(['flows wait for somebody']);
});

test('log lines have constant messages', () => {
  const messages = new Set(lines.map((line) => (JSON.parse(line) as { msg: string }).msg));
  const known = [
    'flows wait for somebody',
    'flows run',
    'flows changed',
    'node-red reports an error',
    'node-red warns',
  ];
  expect([...messages].filter((message) => !known.includes(message))).toEqual([]);
});
