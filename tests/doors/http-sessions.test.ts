import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type BrokerService, startBroker } from '@watchpost/broker';
import { newTokenKey, publicTokenKey } from '@watchpost/identity';
import mqtt from 'mqtt';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { demoSite } from '../support/demo-site.ts';
import { DoorSite, people } from '../support/door-site.ts';
import { call, codeOf } from '../support/http-caller.ts';
import { waitFor } from '../support/wait-for.ts';

const { kinds: _, ...key } = newTokenKey({ kid: 'officers' });
let broker: BrokerService;
let site: DoorSite;
let officerTokens: NonNullable<NonNullable<Parameters<DoorSite['start']>[0]>['officerTokens']>;

beforeAll(async () => {
  site = new DoorSite();
  const endedSessionsFile = join(site.folder, 'ended.json');
  writeFileSync(endedSessionsFile, JSON.stringify({ version: 1, entries: [] }));
  const keys = [publicTokenKey({ ...key, kinds: ['officer'] })];
  broker = await startBroker({ port: 0, tokens: { site: demoSite.id, keys }, endedSessionsFile });
  officerTokens = { key, endedSessionsFile };
  await site.start({ officerTokens });
});
afterAll(async () => {
  await site.stop();
  await broker.stop();
});

const whoAmI = async (cookie: string) =>
  codeOf(await call(`${site.address}/api/v1/session`, { headers: { cookie } }));

/** An open event stream; `ended` resolves when the server ends it. */
async function stream(cookie: string): Promise<{ readonly ended: Promise<void> }> {
  const response = await fetch(`${site.address}/api/v1/stream`, { headers: { cookie } });
  expect(response.status).toBe(200);
  const readToTheEnd = async () => {
    for await (const _part of response.body as unknown as AsyncIterable<Uint8Array>);
  };
  return { ended: readToTheEnd() };
}

/** An officer’s app at the broker. */
async function app(cookie: string) {
  const answer = await call(`${site.address}/api/v1/mqtt-token`, {
    method: 'POST',
    body: {},
    headers: { cookie },
  });
  const { username, password } = JSON.parse(answer.text) as { username: string; password: string };
  const client = await mqtt.connectAsync(`mqtt://127.0.0.1:${broker.port}`, {
    username,
    password,
    reconnectPeriod: 0,
  });
  client.on('error', () => undefined);
  return {
    client,
    closed: new Promise<void>((resolve) => client.once('close', () => resolve())),
    username,
    password,
  };
}

const connectAgain = ({ username, password }: { username: string; password: string }) =>
  mqtt.connectAsync(`mqtt://127.0.0.1:${broker.port}`, { username, password, reconnectPeriod: 0 });

describe('a log-out', () => {
  it('ends the stream and the app at the broker, and no other session of the same person', async () => {
    const [mine, other] = [await site.cookie(), await site.cookie()];
    const [open, phone, others] = [await stream(mine), await app(mine), await app(other)];
    expect(
      (await call(`${site.address}/api/v1/session`, { method: 'DELETE', headers: { cookie: mine } })).status,
    ).toBe(204);
    await open.ended;
    await phone.closed;
    await expect(connectAgain(phone)).rejects.toThrow();
    expect(await whoAmI(mine)).toBe('api.unauthenticated');
    expect(others.client.connected).toBe(true);
    expect(await whoAmI(other)).toBe('');
    await others.client.endAsync(true);
  });
});

describe('accounts that change', () => {
  it.each([
    [
      'a changed password',
      people.map((one) => (one.user === 'officer' ? { ...one, password: 'another password' } : one)),
    ],
    [
      'a changed role',
      people.map((one) => (one.user === 'officer' ? { ...one, role: 'viewer' as const } : one)),
    ],
    ['a removed account', people.filter(({ user }) => user !== 'officer')],
  ])('%s ends old sessions and nobody else’s', async (what, accounts) => {
    await site.restart({ accounts: people });
    const [mine, colleague] = [await site.cookie(), await site.cookie('colleague')];
    expect(await whoAmI(mine)).toBe('');
    await site.restart({ accounts });
    expect(await whoAmI(mine)).toBe('api.unauthenticated');
    expect(await whoAmI(colleague)).toBe('');
    const again = await site.logIn('officer');
    expect(codeOf(again)).toBe(what === 'a changed role' ? '' : 'api.bad_credentials');
  });
});

describe('what an administrator does', () => {
  const asAdmin = async (path: string, body: object) => {
    const headers = { cookie: await site.cookie('admin') };
    const found = await call(`${site.address}/api/v1/accounts?search=officer`, { headers });
    const { id } = (JSON.parse(found.text) as { accounts: { id: string }[] }).accounts[0] ?? { id: '' };
    const url = `${site.address}/api/v1/accounts/${id}${path}`;
    return (await call(url, { method: 'POST', body, headers })).status;
  };
  afterAll(async () => {
    expect(await asAdmin('/enable', {})).toBe(200);
  });
  it.each<[string, string, object]>([
    ['an end of all sessions', '/end-sessions', {}],
    ['another role', '', { scopes: [{ site: demoSite.id, role: 'viewer', zones: null }] }],
    ['no account any more', '/disable', {}],
  ])('%s ends every open stream and every app at the broker of that person', async (_what, path, body) => {
    await site.restart({ accounts: people, officerTokens });
    const [mine, phone] = [await site.cookie(), await site.cookie()];
    const open = [await stream(mine), await stream(mine), await stream(phone)];
    const own = await app(phone);
    expect(await asAdmin(path, body)).toBe(200);
    await Promise.all([...open.map(({ ended }) => ended), own.closed]);
    expect([await whoAmI(mine), await whoAmI(phone)]).toEqual(Array(2).fill('api.unauthenticated'));
    await expect(connectAgain(own)).rejects.toThrow();
  });
});

describe('time', () => {
  it('ends a session that nobody uses, and not one whose stream is open', async () => {
    const sessions = { idleMs: 1_500, watchMs: 100, touchMs: 100 };
    await site.restart({ accounts: people, http: { ...site.options.http, sessions } });
    const [idle, watching] = [await site.cookie(), await site.cookie('colleague')];
    expect([await whoAmI(idle), await whoAmI(watching)]).toEqual(['', '']);
    const open = await stream(watching);
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    expect(await whoAmI(idle)).toBe('api.unauthenticated');
    expect(await whoAmI(watching)).toBe('');
    await call(`${site.address}/api/v1/session`, { method: 'DELETE', headers: { cookie: watching } });
    await open.ended;
  });

  it('ends every session at last, with its stream', async () => {
    const sessions = { absoluteMs: 5_000, watchMs: 100 };
    await site.restart({ accounts: people, http: { ...site.options.http, sessions } });
    const mine = await site.cookie();
    await (await stream(mine)).ended;
    await waitFor('the end', async () => (await whoAmI(mine)) === 'api.unauthenticated');
  });
});
