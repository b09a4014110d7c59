import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openBrowser } from '../support/browser.ts';
import { CookieJar } from '../support/cookie-jar.ts';
import { type Answer, codeOf } from '../support/http-caller.ts';
import { waitFor } from '../support/wait-for.ts';
import {
  killProcessesOf,
  processesOf,
  startWatchpost,
  type WatchpostProcess,
} from '../support/watchpost-process.ts';
import { type AttackPlan, attack } from './function-node-attack.ts';

const repository = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');
const dataFolder = mkdtempSync(join(tmpdir(), 'watchpost-doors-flows-'));
const flowsCookieName = /^wp_flows_\d+$/;
let site: WatchpostProcess;
let flows: string;
let browser: Browser;

const logIn = async (jar: CookieJar): Promise<Answer> => {
  const { user, password } = site.ready;
  return jar.call(`${site.ready.api}/session`, { method: 'POST', body: { user, password } });
};

/** A browser that is logged in and was handed over to Node-RED. */
async function integrator(): Promise<CookieJar> {
  const jar = new CookieJar();
  expect((await logIn(jar)).status).toBe(200);
  const { url, answer } = await jar.visit(site.ready.flows);
  expect([new URL(url).origin, answer.status]).toEqual([flows, 200]);
  return jar;
}

/** Adds flows to those that run, by Node-RED’s own API. */
async function deploy(jar: CookieJar, nodes: readonly object[]): Promise<void> {
  const headers = { 'node-red-api-version': 'v2', accept: 'application/json' };
  const before = JSON.parse((await jar.call(`${flows}/flows/flows`, { headers })).text) as {
    rev: string;
    flows: object[];
  };
  const body = {
    rev: before.rev,
    flows: [...before.flows, ...nodes.map((node) => ({ x: 0, y: 0, ...node }))],
  };
  expect((await jar.call(`${flows}/flows/flows`, { method: 'POST', headers, body })).status).toBe(200);
}

/** An address below `/flows/api` whose answer a function makes. */
const endpoint = (name: string, method: string, func: string): object[] => [
  { id: `${name}0`, type: 'tab', label: name },
  { id: `${name}1`, type: 'http in', z: `${name}0`, url: `/${name}`, method, wires: [[`${name}2`]] },
  { id: `${name}2`, type: 'function', z: `${name}0`, func, outputs: 1, wires: [[`${name}3`]] },
  { id: `${name}3`, type: 'http response', z: `${name}0`, wires: [] },
];

beforeAll(async () => {
  site = await startWatchpost(
    {
      WATCHPOST_DATA: dataFolder,
      OPERATORS_SECRET: 'of the shell that started it',
    },
    170_000,
  );
  flows = new URL(site.ready.flows).origin;
});
afterAll(async () => {
  await browser?.close();
  site?.kill();
  killProcessesOf(dataFolder);
  rmSync(dataFolder, { recursive: true, force: true });
});

describe('the door', () => {
  it('is an origin of its own, closed to who was not handed over', async () => {
    expect(flows).not.toBe(new URL(site.ready.console).origin);
    const stranger = new CookieJar();
    for (const path of [
      '/flows/flows',
      '/flows/settings',
      '/flows/api/latest',
      '/flows/red/red.min.js',
      '/flows/comms',
    ])
      expect([path, codeOf(await stranger.call(flows + path))]).toEqual([path, 'api.unauthenticated']);
    // A page leads to the console’s log-in.
    expect((await stranger.visit(site.ready.flows)).url).toBe(site.ready.console);
  });

  it('takes neither the console’s cookie nor its token under another name; the console takes none of the door’s', async () => {
    const jar = await integrator();
    const own = jar.names.find((name) => flowsCookieName.test(name)) ?? '';
    const session = jar.names.find((name) => /^wp_session_\d+$/.test(name)) ?? '';
    const ask = (url: string, cookie: string) => new CookieJar().call(url, { headers: { cookie } });
    expect((await ask(`${flows}/flows/settings`, `${own}=${jar.value(own)}`)).status).toBe(200);
    expect((await ask(`${flows}/flows/settings`, `${session}=${jar.value(session)}`)).status).toBe(401);
    expect((await ask(`${flows}/flows/settings`, `${own}=${jar.value(session)}`)).status).toBe(401);
    expect((await ask(`${site.ready.api}/alerts`, `${own}=${jar.value(own)}`)).status).toBe(401);
    expect((await ask(`${site.ready.api}/alerts`, `${session}=${jar.value(own)}`)).status).toBe(401);
  });

  it('takes a code once, and only from the browser that asked for it', async () => {
    const jar = new CookieJar();
    await logIn(jar);
    const navigate = { headers: { accept: 'text/html', 'sec-fetch-mode': 'navigate' } };
    const start = async () => (await jar.call(`${flows}/flows/`, navigate)).headers.location ?? '';
    const code = async () => (await jar.call(await start(), navigate)).headers.location ?? '';
    const stolen = await code();
    expect(codeOf(await new CookieJar().call(stolen, navigate))).toBe('api.handover_refused');
    expect(codeOf(await jar.call(stolen, navigate))).toBe('api.handover_refused');
    const good = await code();
    expect((await jar.call(good, navigate)).status).toBe(302);
    expect(codeOf(await jar.call(good, navigate))).toBe('api.handover_refused');
  });

  it('ends with the session: pages, and the open socket at once', async () => {
    const jar = await integrator();
    const socket = new WebSocket(`${flows.replace('http', 'ws')}/flows/comms`, {
      headers: { cookie: jar.header() },
    } as unknown as string[]);
    const closed = new Promise<number>((resolve) =>
      socket.addEventListener('close', () => resolve(Date.now())),
    );
    await new Promise((resolve, reject) => {
      socket.addEventListener('open', resolve, { once: true });
      socket.addEventListener('error', reject, { once: true });
    });
    const own = jar.names.find((name) => flowsCookieName.test(name)) ?? '';
    const cookie = `${own}=${jar.value(own)}`;
    expect((await jar.call(`${site.ready.api}/session`, { method: 'DELETE' })).status).toBe(204);
    await closed;
    expect((await new CookieJar().call(`${flows}/flows/settings`, { headers: { cookie } })).status).toBe(401);
  });

  it('refuses a socket from another origin, and the names of strangers', async () => {
    const jar = await integrator();
    const cookie = jar.header();
    const upgrade = { connection: 'Upgrade', upgrade: 'websocket', 'sec-websocket-version': '13' };
    const key = { 'sec-websocket-key': Buffer.alloc(16).toString('base64') };
    const ask = (more: Record<string, string>) =>
      new CookieJar().call(`${flows}/flows/comms`, { headers: { ...upgrade, ...key, cookie, ...more } });
    expect(codeOf(await ask({ origin: new URL(site.ready.console).origin }))).toBe('api.cross_site');
    expect(codeOf(await ask({ origin: 'https://evil.example' }))).toBe('api.cross_site');
    expect(codeOf(await ask({ host: 'evil.example', origin: 'http://evil.example' }))).toBe(
      'api.unknown_host',
    );
  });
});

describe('code in a function node', () => {
  let tried: { results: [string, string][]; environment: Record<string, string>; seen: unknown };
  let jar: CookieJar;

  beforeAll(async () => {
    jar = await integrator();
    await deploy(jar, endpoint('attack', 'post', attack));
    const own = jar.names.find((name) => flowsCookieName.test(name)) ?? '';
    const session = jar.names.find((name) => /^wp_session_\d+$/.test(name)) ?? '';
    const plan: AttackPlan = {
      dataFolder,
      repository,
      console: new URL(site.ready.console).origin,
      flowsCookie: `${own}=${jar.value(own)}`,
      consoleCookie: `${session}=${jar.value(own)}`,
    };
    const answer = await waitFor('the attack’s answer', async () => {
      const found = await jar.call(`${flows}/flows/api/attack`, {
        method: 'POST',
        body: plan,
        headers: { 'x-of-the-test': '1' },
      });
      return found.status === 200 ? found : undefined;
    });
    tried = JSON.parse(answer.text);
  });

  it('gets at nothing outside its own folder: no file, no process, no other identity', () => {
    expect(tried.results.length).toBeGreaterThan(40);
    expect(tried.results.filter(([, outcome]) => !outcome.startsWith('refused'))).toEqual([]);
    expect(JSON.parse(readFileSync(join(dataFolder, 'secrets.json'), 'utf8'))).toHaveProperty('demoPassword');
  });

  it('sees no secret in its environment, and no cookie of ours in the request', () => {
    const secrets = JSON.stringify(JSON.parse(readFileSync(join(dataFolder, 'secrets.json'), 'utf8'))).match(
      /[\w-]{16,}/g,
    );
    const environment = JSON.stringify(tried.environment);
    expect(environment).not.toContain('of the shell that started it');
    for (const secret of secrets ?? []) expect(environment).not.toContain(secret);
    const seen = JSON.stringify(tried.seen);
    expect(seen).toContain('x-of-the-test');
    expect(seen).not.toMatch(/wp_|watchpost-flows-secret/);
    for (const name of jar.names) expect(seen).not.toContain(jar.value(name));
  });

  it('leaves its traces nowhere that others read: its configuration is in no file', () => {
    const commands = processesOf(dataFolder).map(({ command }) => command);
    expect(commands.some((command) => command.includes('--permission'))).toBe(true);
    expect(() => readFileSync(join(dataFolder, 'run', 'flows.json'))).toThrow();
  });

  it('cannot set a cookie of ours, nor a header that holds for the whole host', async () => {
    const set = `msg.headers = { 'set-cookie': ['wp_session_1=x; Path=/', 'mine=1'], 'clear-site-data': '"cookies"',
      'strict-transport-security': 'max-age=1' }; msg.payload = 'set'; return msg;`;
    await deploy(jar, endpoint('setter', 'get', set));
    const answer = await waitFor('the endpoint', async () => {
      const found = await jar.call(`${flows}/flows/api/setter`);
      return found.status === 200 ? found : undefined;
    });
    expect(answer.headers['set-cookie']).toEqual(['mine=1']);
    expect(answer.headers).not.toHaveProperty('clear-site-data');
    expect(answer.headers).not.toHaveProperty('strict-transport-security');
  });
});

it('a page of a flow cannot act as the person who looks at it', async () => {
  const jar = await integrator();
  const page = `msg.headers = { 'content-type': 'text/html' }; msg.payload = '<!doctype html><title>trap</title>'; return msg;`;
  await deploy(jar, endpoint('trap', 'get', page));
  browser = await openBrowser();
  const context = await browser.newContext();
  const victim = await context.newPage();
  await victim.goto(site.ready.console);
  await victim.getByTestId('login-user').fill(site.ready.user);
  await victim.getByTestId('login-password').fill(site.ready.password);
  await victim.getByTestId('login-submit').click();
  await victim.getByTestId('alert-list').waitFor();
  await victim.goto(site.ready.flows);
  await victim.locator('#red-ui-editor').waitFor();
  await waitFor('the trap', async () => (await victim.goto(`${flows}/flows/api/trap`))?.status() === 200);
  const outcomes = await victim.evaluate(async (origin) => {
    const attempt = async (work: () => Promise<string>) => work().catch(() => 'refused');
    const get = (path: string, mode: RequestMode) =>
      attempt(async () => {
        const answer = await fetch(origin + path, { credentials: 'include', mode });
        return answer.type === 'opaque' ? 'refused' : `${answer.status} ${await answer.text()}`;
      });
    const post = (type: string, mode: RequestMode) =>
      attempt(async () => {
        const init = {
          method: 'DELETE',
          credentials: 'include',
          mode,
          headers: { 'content-type': type },
        } as const;
        const answer = await fetch(
          `${origin}/api/v1/session`,
          mode === 'no-cors' ? { ...init, method: 'POST' } : init,
        );
        return answer.type === 'opaque' ? 'refused' : String(answer.status);
      });
    const stream = () =>
      new Promise<string>((resolve) => {
        const source = new EventSource(`${origin}/api/v1/stream`, { withCredentials: true });
        source.onopen = () => resolve('open');
        source.onerror = () => resolve('refused');
      });
    const frame = () =>
      new Promise<string>((resolve) => {
        const element = document.createElement('iframe');
        element.src = origin;
        element.onload = () => {
          try {
            resolve(element.contentDocument?.querySelector('#root') ? 'open' : 'refused');
          } catch {
            resolve('refused');
          }
        };
        document.body.append(element);
      });
    return [
      await get('/api/v1/alerts', 'cors'),
      await get('/api/v1/alerts', 'no-cors'),
      await get('/api/v1/rejects', 'cors'),
      await post('application/json', 'cors'),
      await post('text/plain', 'no-cors'),
      await stream(),
      await frame(),
      document.cookie.includes('wp_') ? document.cookie : 'refused',
    ];
  }, new URL(site.ready.console).origin);
  expect(outcomes).toEqual(outcomes.map(() => 'refused'));
  // The person is still logged in: nothing of it took effect.
  await victim.goto(site.ready.console);
  await victim.getByTestId('alert-list').waitFor();
});
