import { randomBytes } from 'node:crypto';
import { pino } from 'pino';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { findLink } from '../store/account-link-store.ts';
import { findAccount } from '../store/account-store.ts';
import { openStore, type Store } from '../store/open-store.ts';
import { embeddedStore } from '../testing/empty-cluster.ts';
import { type AccountCommand, runAccountCommand } from './account-commands.ts';
import { AccountLinks } from './account-links.ts';
import { hashOfLink, newLink } from './link-secret.ts';
import { verifyPassword } from './password.ts';
import { Sessions } from './sessions.ts';

let store: Store;
const clock = { nowMs: Date.UTC(2026, 10, 27) };
const nowMs = () => clock.nowMs;
const password = 'four words are enough';
let links: AccountLinks;

beforeAll(async () => {
  store = await openStore(await embeddedStore());
  links = new AccountLinks(store.db, nowMs);
});
afterAll(() => store.close());
beforeEach(async () => {
  const { db } = store;
  await db.transaction().execute(async (tx) => {
    const { sql } = await import('kysely');
    await sql`select set_config('watchpost.accounts', 'configured', true)`.execute(tx);
    await tx.deleteFrom('account').execute();
    await tx.deleteFrom('account_link').execute();
  });
});

const logger = pino({ level: 'silent' });
const run = (command: AccountCommand) => runAccountCommand(command, { db: store.db, logger, nowMs });
const first = async (user = 'anna') => links.use({ token: (await links.issueFirst()).token, user, password });
const add = async (name: string, role: 'admin' | 'officer' = 'officer', sites?: string[]) =>
  (await run({ command: 'add', name, role, ...(sites ? { sites } : {}) })).link?.token ?? '';
const states = async () =>
  Object.fromEntries(
    ((await run({ command: 'list' })).accounts ?? []).map(({ name, state }) => [name, state]),
  );

describe('the link of the first administrator', () => {
  it('makes one with a name and a password of their own, once', async () => {
    const { token, expires } = await links.issueFirst();
    expect(await links.look(token)).toMatchObject({ account: null, expires });
    const account = await links.use({ token, user: 'anna', password });
    expect(account).toMatchObject({ name: 'anna', roles: { '*': 'admin' } });
    expect(await verifyPassword(password, (await findAccount(store.db, 'anna'))?.password)).toBe(true);
    await expect(links.look(token)).rejects.toMatchObject({ code: 'account.link_invalid' });
    await expect(links.use({ token, user: 'eve', password })).rejects.toMatchObject({
      code: 'account.link_invalid',
    });
    await expect(links.issueFirst()).rejects.toMatchObject({ code: 'account.has_administrator' });
  });
  it('is not in the database, only its hash is; it ends after a day', async () => {
    const { token } = await links.issueFirst();
    const rows = await store.db.selectFrom('account_link').selectAll().execute();
    expect(JSON.stringify(rows)).not.toContain(token);
    expect(await findLink(store.db, hashOfLink(token), new Date(nowMs()).toISOString())).toBeDefined();
    clock.nowMs += 24 * 3_600_000 - 1;
    await links.look(token);
    clock.nowMs += 1;
    await expect(links.look(token)).rejects.toMatchObject({ code: 'account.link_invalid' });
  });
  it('of several that are open all end with the first one that is used, also of two at once', async () => {
    const tokens = [(await links.issueFirst()).token, (await links.issueFirst()).token];
    const made = await Promise.allSettled(
      tokens.map((token, index) => links.use({ token, user: `admin-${index}`, password })),
    );
    expect(made.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(Object.values(await states())).toEqual(['active']);
  });
  it('may be made before there is a database, and is worth nothing once there is an administrator', async () => {
    const early = newLink(nowMs());
    await links.accept(early);
    expect(await links.look(early.token)).toMatchObject({ account: null });
    await first();
    const late = newLink(nowMs());
    await links.accept(late);
    await expect(links.look(late.token)).rejects.toMatchObject({ code: 'account.link_invalid' });
  });
  it('does not take over the name of somebody who is there', async () => {
    await add('ben');
    const { token } = await links.issueFirst();
    await expect(links.use({ token, user: 'ben', password })).rejects.toMatchObject({
      code: 'account.exists',
    });
    expect(await links.use({ token, user: 'anna', password })).toMatchObject({ name: 'anna' });
  });
});

describe('a password that is set', () => {
  it.each([
    ['eleven char', 'account.password_short'],
    ['密码密码密码密码密码密', 'account.password_short'],
    ['Administrator', 'account.password_is_name'],
  ])('%s is refused, and the link stays', async (weak, code) => {
    const { token } = await links.issueFirst();
    await expect(links.use({ token, user: 'administrator', password: weak })).rejects.toMatchObject({ code });
    expect(await links.look(token)).toMatchObject({ account: null });
  });
  it('is for nobody who has no link', async () => {
    const token = randomBytes(32).toString('base64url');
    await expect(links.use({ token, user: 'eve', password })).rejects.toMatchObject({
      code: 'account.link_invalid',
    });
    expect(await states()).toEqual({});
  });
});

describe('accounts by command', () => {
  it('are made with a role and sites, and have no password until their link is used', async () => {
    const token = await add('ben', 'officer', ['north']);
    expect(await states()).toEqual({ ben: 'invited' });
    expect(await findAccount(store.db, 'ben')).toMatchObject({ roles: { north: 'officer' } });
    expect(await links.look(token)).toMatchObject({ account: 'ben' });
    await expect(links.use({ token, user: 'anna', password })).rejects.toMatchObject({ code: 'api.invalid' });
    await links.use({ token, password });
    expect(await states()).toEqual({ ben: 'active' });
    await expect(run({ command: 'add', name: 'ben', role: 'admin' })).rejects.toMatchObject({
      code: 'account.exists',
    });
  });
  it('lose password, links and sessions when they are disabled, and come back with a new link', async () => {
    await first();
    await links.use({ token: await add('ben'), password });
    const sessions = new Sessions(store.db, nowMs, []);
    const ben = await findAccount(store.db, 'ben');
    const session = ben && (await sessions.open(ben));
    await run({ command: 'disable', name: 'ben' });
    expect(await states()).toEqual({ anna: 'active', ben: 'disabled' });
    expect(await sessions.find(session?.token ?? '')).toBeUndefined();
    expect(await verifyPassword(password, (await findAccount(store.db, 'ben'))?.password)).toBe(false);
    const { link } = await run({ command: 'reset', name: 'ben' });
    expect(await states()).toEqual({ anna: 'active', ben: 'invited' });
    await links.use({ token: link?.token ?? '', password: `${password} now` });
    expect(await states()).toEqual({ anna: 'active', ben: 'active' });
  });
  it('of two links of one account the later one counts', async () => {
    const token = await add('ben');
    const { link } = await run({ command: 'reset', name: 'ben' });
    await expect(links.look(token)).rejects.toMatchObject({ code: 'account.link_invalid' });
    expect(await links.look(link?.token ?? '')).toMatchObject({ account: 'ben' });
  });
  it('are audited as done at the server’s console, and a reset ends the password at once, but the last', async () => {
    await first();
    await links.use({ token: await add('ben', 'admin'), password });
    await run({ command: 'reset', name: 'ben' });
    const stays = async (name: string) =>
      verifyPassword(password, (await findAccount(store.db, name))?.password);
    expect([await stays('ben'), await stays('anna')]).toEqual([false, true]);
    await run({ command: 'reset', name: 'anna' });
    expect(await stays('anna')).toBe(true);
    const rows = await store.db.selectFrom('audit').selectAll().orderBy('position').execute();
    const atConsole = rows.filter(({ actor }) => actor === 'server console').slice(-3);
    expect(atConsole.map(({ action, details }) => [action, details.name])).toEqual([
      ['account_invited', 'ben'],
      ['account_reset', 'ben'],
      ['account_reset', 'anna'],
    ]);
  });
  it('that nobody knows are said to be unknown, and orders that mean nothing refused', async () => {
    for (const command of ['disable', 'reset'] as const)
      await expect(run({ command, name: 'nobody' })).rejects.toMatchObject({ code: 'account.unknown' });
    for (const order of [{ command: 'drop' }, { command: 'add', name: ' ', role: 'admin' }, null])
      await expect(run(order as never)).rejects.toMatchObject({ code: 'api.invalid' });
  });
});

describe('the last administrator', () => {
  it('stays, also of two who are disabled at once', async () => {
    await first();
    await expect(run({ command: 'disable', name: 'anna' })).rejects.toMatchObject({
      code: 'account.last_administrator',
    });
    await links.use({ token: await add('ben', 'admin'), password });
    const done = await Promise.allSettled(['anna', 'ben'].map((name) => run({ command: 'disable', name })));
    expect(done.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(Object.values(await states()).sort()).toEqual(['active', 'disabled']);
  });
  it('is not one who has no password yet, or a part of the sites', async () => {
    await first();
    await add('ben', 'admin');
    await links.use({ token: await add('kai', 'admin', ['north']), password });
    await expect(run({ command: 'disable', name: 'anna' })).rejects.toMatchObject({
      code: 'account.last_administrator',
    });
    await run({ command: 'disable', name: 'kai' });
    await run({ command: 'disable', name: 'ben' });
  });
  it('stays whoever removes them in the database', async () => {
    await first();
    const { db } = store;
    await expect(db.deleteFrom('account').where('name', '=', 'anna').execute()).rejects.toThrow(
      'last administrator',
    );
    await expect(db.deleteFrom('account_site').execute()).rejects.toThrow('last administrator');
    await expect(db.updateTable('account_site').set({ role: 'officer' }).execute()).rejects.toThrow(
      'last administrator',
    );
    expect(await states()).toEqual({ anna: 'active' });
  });
});
