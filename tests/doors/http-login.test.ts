import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DoorSite } from '../support/door-site.ts';
import { type Answer, call, codeOf, cookiesOf } from '../support/http-caller.ts';

const attackers = Array.from({ length: 25 }, (_each, index) => `127.0.1.${index + 1}`);
const statuses = (answers: readonly Answer[]) => answers.map(({ status }) => status);
const guess = (site: DoorSite, account: string, index: number, headers: Record<string, string> = {}) =>
  site.logIn(account, `guess ${index}`, { from: attackers[index % attackers.length] ?? '', headers });

describe('300 wrong tries at once from 25 addresses', () => {
  const site = new DoorSite();
  let known: string;
  let wrong: readonly Answer[];

  beforeAll(async () => {
    await site.start();
    known = await site.cookie('officer');
    const accounts = ['officer', 'admin', 'viewer', 'nobody'];
    const storm = Promise.all(
      Array.from({ length: 300 }, (_each, index) => guess(site, accounts[index % 4] ?? '', index)),
    );
    // While they wait: a browser that was in before, at an attacker’s own address, and new ones at addresses
    // of their own.
    const right = await Promise.all([
      ...['officer', 'officer', 'officer'].map((user) =>
        site.logIn(user, undefined, { from: '127.0.1.1', headers: { cookie: known } }),
      ),
      site.logIn('officer', undefined, { from: '127.0.2.1' }),
      site.logIn('admin', undefined, { from: '127.0.2.2' }),
      site.logIn('colleague', undefined, { from: '127.0.2.3' }),
    ]);
    expect(statuses(right)).toEqual(right.map(() => 200));
    wrong = await storm;
  });
  afterAll(() => site.stop());

  it('let nobody in, and are refused each with its code', () => {
    const codes = new Set(wrong.map(codeOf));
    expect(
      [...codes].filter(
        (code) => !['api.bad_credentials', 'api.login_slowed', 'api.login_busy'].includes(code),
      ),
    ).toEqual([]);
    for (const answer of wrong.filter((one) => codeOf(one) === 'api.login_slowed'))
      expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
  });

  it('have few passwords looked at: thirty for an account, and a first one for each address', () => {
    const looked = wrong.filter((answer) => codeOf(answer) === 'api.bad_credentials').length;
    expect(looked).toBeLessThanOrEqual(4 * (30 + attackers.length));
  });

  it('are counted', async () => {
    const looked = wrong.filter((answer) => codeOf(answer) === 'api.bad_credentials').length;
    expect(await site.count('watchpost_logins_total', 'result="refused"')).toBe(looked);
    expect(await site.count('watchpost_logins_total', 'result="ok"')).toBe(7);
    const others =
      (await site.count('watchpost_logins_total', 'slowed')) +
      (await site.count('watchpost_logins_total', 'busy'));
    expect(others).toBe(wrong.length - looked);
  });
});

/** Nothing is given back while a test runs, however slow the machine. */
const slow = { refillMs: 3_600_000 };
const login = { perAccount: { burst: 30, ...slow }, perAccountAndGroup: { burst: 5, ...slow } };

describe('200 guesses at one account, one after the other, from 25 addresses', () => {
  const site = new DoorSite({ http: { login } });
  beforeAll(() => site.start());
  afterAll(() => site.stop());

  it('are slowed down, show on the health page, and lock nobody out', async () => {
    const known = await site.cookie('officer');
    const answers: Answer[] = [];
    for (let index = 0; index < 200; index++) answers.push(await guess(site, 'officer', index));
    const looked = answers.filter((answer) => codeOf(answer) === 'api.bad_credentials').length;
    expect(looked).toBeGreaterThan(0);
    expect(looked).toBeLessThanOrEqual(30 + attackers.length);
    expect(new Set(answers.map(codeOf))).toEqual(new Set(['api.bad_credentials', 'api.login_slowed']));
    const health = JSON.parse((await call(`${site.address}/healthz`)).text);
    expect(health.components.logIn).toMatchObject({ status: 'degraded', error: 'login.under_attack' });
    // The browser that was in before, from wherever; a new one at a new address; other people at the
    // attackers’ address.
    expect(
      (await site.logIn('officer', undefined, { from: '127.0.1.3', headers: { cookie: known } })).status,
    ).toBe(200);
    expect((await site.logIn('officer', undefined, { from: '127.0.2.1' })).status).toBe(200);
    expect((await site.logIn('colleague', undefined, { from: '127.0.1.3' })).status).toBe(200);
    // The right password in a new browser at an address that just guessed: not now.
    expect(codeOf(await site.logIn('officer', undefined, { from: '127.0.1.3' }))).toBe('api.login_slowed');
  });

  it('are not helped by a forged, foreign or other account’s proof of an earlier log-in', async () => {
    const foreign = cookiesOf(await site.logIn('colleague', undefined, { from: '127.0.2.9' })).replace(
      /wp_known_\w+=/,
      `${(await site.cookie('officer')).match(/wp_known_\w+=/)?.[0]}`,
    );
    for (const cookie of [foreign, foreign.replace(/\.[^.;]+$/, '.AAAA'), 'wp_known_=x'])
      expect(codeOf(await guess(site, 'officer', 3, { cookie }))).toBe('api.login_slowed');
  });
});

describe('behind a reverse proxy', () => {
  const site = new DoorSite({ http: { login, trustedProxies: ['127.0.3.0/24'] } });
  beforeAll(() => site.start());
  afterAll(() => site.stop());
  const through = (person: string, user: string, secret?: string) =>
    site.logIn(user, secret, {
      from: '127.0.3.1',
      headers: { 'x-forwarded-for': person, 'x-forwarded-proto': 'https' },
    });

  it('people are their own addresses, a /64 is one of them, and one guesser slows only itself', async () => {
    for (let index = 0; index < 12; index++)
      await through(`2001:db8:0:7::${index + 1}`, 'officer', `wrong ${index}`);
    expect(codeOf(await through('2001:db8:0:7:ffff::1', 'officer'))).toBe('api.login_slowed');
    expect((await through('2001:db8:0:8::1', 'officer')).status).toBe(200);
    expect((await through('198.51.100.7', 'officer')).status).toBe(200);
  });

  it('an address that is said by somebody who is no trusted proxy is not believed', async () => {
    const claimed = (index: number) =>
      site.logIn('admin', 'wrong', {
        from: '127.0.4.1',
        headers: { 'x-forwarded-for': `203.0.113.${index}` },
      });
    const answers: string[] = [];
    for (let index = 0; index < 7; index++) answers.push(codeOf(await claimed(index)));
    expect(answers.at(-1)).toBe('api.login_slowed');
  });
});
