import {
  ownAccountSchema,
  ownSessionListSchema,
  recoveryCodesSchema,
  totpSetupSchema,
} from '@watchpost/contracts/api';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { saveAccount } from '../store/account-store.ts';
import { codeOf, testPassword } from '../testing/http-client.ts';
import { HttpSite, type Method } from '../testing/http-site.ts';
import { hashPassword } from './password.ts';
import { secondStepPolicy, totpPolicy } from './policy.ts';
import { codeAt, stepAt } from './totp.ts';

let site: HttpSite;
let derived: string;
beforeAll(async () => {
  site = await HttpSite.open();
  derived = await hashPassword(testPassword);
});
afterAll(() => site.close());

type Answer = Awaited<ReturnType<HttpSite['ask']>>;
const cookiesOf = ({ cookies }: Answer) => cookies.map(({ name, value }) => `${name}=${value}`).join('; ');
const logIn = (
  user: string,
  password = testPassword,
  agent = 'Mozilla/5.0 (Windows NT 10.0) Firefox/140.0',
) => site.ask('POST', '/api/v1/session', undefined, { user, password }, { 'user-agent': agent });
const as = (cookie: string) => (method: Method, url: string, body?: object) =>
  site.ask(method, url, undefined, body, { cookie });
const person = async (name: string) => {
  await saveAccount(site.store.db, { name, roles: { test: 'officer' }, password: derived });
  return as(cookiesOf(await logIn(name)));
};
const second = (half: Answer, proof: object) => as(cookiesOf(half))('POST', '/api/v1/session/second', proof);
const secretOf = (base32: string): Buffer => {
  const bits = [...base32].map((sign) =>
    'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(sign).toString(2).padStart(5, '0'),
  );
  return Buffer.from((bits.join('').match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
};
const codeNow = (secret: Buffer) => codeAt(secret, stepAt(site.clock.nowMs));
/** Sets an authenticator up. */
const withTotp = async (name: string) => {
  const ask = await person(name);
  const setup = totpSetupSchema.parse(
    (await ask('POST', '/api/v1/account/totp', { password: testPassword })).json(),
  );
  const secret = secretOf(setup.secret);
  const confirmed = await ask('POST', '/api/v1/account/totp/confirm', { code: codeNow(secret) });
  const { recoveryCodes } = recoveryCodesSchema.parse(confirmed.json());
  // A code counts once.
  site.clock.nowMs += totpPolicy.stepMs;
  return { ask, secret, recoveryCodes, setup };
};

test('another phone takes the place of the one before when it has shown a code, also where one is demanded', async () => {
  const { ask, secret, recoveryCodes } = await withTotp('new phone');
  site.factorFor.push('officer');
  const begun = await ask('POST', '/api/v1/account/totp', { password: testPassword });
  const next = secretOf(totpSetupSchema.parse(begun.json()).secret);
  // Until then the phone of before is asked for.
  const half = await logIn('new phone');
  expect((await second(half, { kind: 'totp', code: codeNow(secret) })).statusCode).toBe(200);
  site.clock.nowMs += totpPolicy.stepMs;
  expect((await ask('POST', '/api/v1/account/totp/confirm', { code: codeNow(next) })).statusCode).toBe(200);
  site.clock.nowMs += totpPolicy.stepMs;
  const again = await logIn('new phone');
  for (const proof of [
    { kind: 'totp', code: codeNow(secret) },
    { kind: 'recovery', code: recoveryCodes[0] },
  ])
    expect(codeOf(await second(again, proof))).toBe('account.factor_wrong');
  expect((await second(again, { kind: 'totp', code: codeNow(next) })).statusCode).toBe(200);
  site.factorFor.length = 0;
});

describe('own sessions and password', () => {
  test('sessions are listed as their owner knows them, and end one by one or all but this one', async () => {
    const ask = await person('lan');
    const phone = as(
      cookiesOf(await logIn('lan', testPassword, 'Mozilla/5.0 (iPhone) Version/18 Safari/605')),
    );
    const third = as(cookiesOf(await logIn('lan')));
    const list = async () =>
      ownSessionListSchema.parse((await ask('GET', '/api/v1/account/sessions')).json()).sessions;
    const sessions = await list();
    expect(sessions.filter(({ current }) => current)).toHaveLength(1);
    expect(
      sessions.map(({ browser, addressGroup }) => [browser.name, browser.system, addressGroup]).toSorted(),
    ).toEqual([
      ['Firefox', 'Windows', '127.0.0.1'],
      ['Firefox', 'Windows', '127.0.0.1'],
      ['Safari', 'iOS', '127.0.0.1'],
    ]);
    const id = sessions.find(({ browser }) => browser.name === 'Safari')?.id;
    expect((await ask('DELETE', `/api/v1/account/sessions/${id}`)).statusCode).toBe(204);
    expect((await phone('GET', '/api/v1/session')).statusCode).toBe(401);
    expect((await third('GET', '/api/v1/session')).statusCode).toBe(200);
    await ask('POST', '/api/v1/account/sessions/end-others', {});
    expect((await third('GET', '/api/v1/session')).statusCode).toBe(401);
    expect(await list()).toHaveLength(1);
    // Somebody else’s session is none of theirs.
    const other = await person('lu');
    const [mine] = ownSessionListSchema.parse(
      (await other('GET', '/api/v1/account/sessions')).json(),
    ).sessions;
    expect(codeOf(await ask('DELETE', `/api/v1/account/sessions/${mine?.id}`))).toBe('api.not_found');
    expect((await other('GET', '/api/v1/session')).statusCode).toBe(200);
  });

  test('a new password takes the old one, tried within the limits of log-ins; all other sessions end', async () => {
    const ask = await person('tao');
    const other = as(cookiesOf(await logIn('tao')));
    const to = (old: string, password: string) => ask('POST', '/api/v1/account/password', { old, password });
    expect(codeOf(await to(testPassword, 'short'))).toBe('account.password_short');
    expect(codeOf(await to('wrong', 'a quite new password'))).toBe('account.wrong_password');
    const changed = await to(testPassword, 'a quite new password');
    expect(changed.statusCode).toBe(200);
    for (const old of [ask, other]) expect((await old('GET', '/api/v1/session')).statusCode).toBe(401);
    const now = as(cookiesOf(changed));
    expect((await now('GET', '/api/v1/account')).json()).toMatchObject({ name: 'tao', hasPassword: true });
    for (let tries = 0; tries < 5; tries++)
      await now('POST', '/api/v1/account/password', { old: 'wrong', password: 'a quite new password' });
    const slowed = await now('POST', '/api/v1/account/password', {
      old: 'wrong',
      password: 'a quite new password',
    });
    expect(codeOf(slowed)).toBe('api.login_slowed');
  });
});

describe('a second factor', () => {
  test('is asked for once it was confirmed; a code opens once; the half session opens nothing', async () => {
    const { secret, setup } = await withTotp('bo');
    expect(setup.uri).toContain('otpauth://totp/Watchpost:bo?');
    const half = await logIn('bo');
    expect([half.statusCode, half.json().secondFactor]).toEqual([202, ['totp', 'recovery']]);
    const ask = as(cookiesOf(half));
    for (const url of ['/api/v1/session', '/api/v1/alerts', '/api/v1/account'])
      expect((await ask('GET', url)).statusCode).toBe(401);
    const code = codeNow(secret);
    const entered = await second(half, { kind: 'totp', code });
    expect([entered.statusCode, entered.json().user]).toEqual([200, 'bo']);
    const replayed = await second(await logIn('bo'), { kind: 'totp', code });
    expect([replayed.statusCode, codeOf(replayed)]).toEqual([401, 'account.factor_wrong']);
    // A half session is used up.
    site.clock.nowMs += totpPolicy.stepMs;
    expect(codeOf(await second(half, { kind: 'totp', code: codeNow(secret) }))).toBe(
      'account.factor_step_ended',
    );
  });

  test('a secret is sealed in the database, and recovery codes are hashed', async () => {
    const { setup, recoveryCodes } = await withTotp('sealed');
    expect(recoveryCodes).toHaveLength(10);
    const rows = JSON.stringify([
      await site.store.db.selectFrom('account_factor').selectAll().execute(),
      await site.store.db.selectFrom('account_recovery_code').selectAll().execute(),
    ]);
    expect(rows).not.toContain(setup.secret);
    expect(rows).not.toContain(secretOf(setup.secret).toString('base64url'));
    for (const code of recoveryCodes) expect(rows).not.toContain(code);
  });

  test('a recovery code opens once, however it is typed', async () => {
    const { recoveryCodes } = await withTotp('xia');
    const [code = ''] = recoveryCodes;
    const typed = code.toLowerCase().replaceAll('-', ' ');
    expect((await second(await logIn('xia'), { kind: 'recovery', code: typed })).statusCode).toBe(200);
    expect(codeOf(await second(await logIn('xia'), { kind: 'recovery', code }))).toBe('account.factor_wrong');
  });

  test('guessing codes is slowed like guessing passwords, also by who knows the password', async () => {
    const { secret } = await withTotp('guessed');
    // Of a browser that is not known.
    let half = await logIn('guessed');
    for (let tries = 0; tries < 5; tries++) {
      expect(codeOf(await second(half, { kind: 'totp', code: '000000' }))).toBe('account.factor_wrong');
      if (tries === 2) half = await logIn('guessed');
    }
    const slowed = await second(half, { kind: 'totp', code: codeNow(secret) });
    expect(codeOf(slowed)).toBe('api.login_slowed');
    expect(codeOf(await logIn('guessed'))).toBe('api.login_slowed');
  });

  test('a half session ends after a while', async () => {
    const { secret } = await withTotp('slow');
    const half = await logIn('slow');
    site.clock.monotonicMs += secondStepPolicy.lifeMs;
    expect(codeOf(await second(half, { kind: 'totp', code: codeNow(secret) }))).toBe(
      'account.factor_step_ended',
    );
  });

  test('taking it away takes the password, and its recovery codes go', async () => {
    const { ask } = await withTotp('wen');
    const { factors } = ownAccountSchema.parse((await ask('GET', '/api/v1/account')).json());
    const remove = (password: string) =>
      ask('POST', `/api/v1/account/factors/${factors[0]?.id}/remove`, { password });
    expect(codeOf(await remove('wrong'))).toBe('account.wrong_password');
    expect((await remove(testPassword)).statusCode).toBe(204);
    expect((await ask('GET', '/api/v1/account')).json()).toMatchObject({ factors: [], recoveryCodes: 0 });
    expect((await logIn('wen')).statusCode).toBe(200);
  });

  test('who must have one can only set it up until then, and not take the last one away', async () => {
    const ask = await person('must');
    site.factorFor.push('officer');
    try {
      expect(codeOf(await ask('GET', '/api/v1/alerts'))).toBe('account.factor_needed');
      expect((await ask('GET', '/api/v1/session')).json()).toMatchObject({ factorNeeded: true });
      const setup = (await ask('POST', '/api/v1/account/totp', { password: testPassword })).json();
      const code = codeNow(secretOf(setup.secret));
      expect((await ask('POST', '/api/v1/account/totp/confirm', { code })).statusCode).toBe(200);
      expect((await ask('GET', '/api/v1/alerts')).statusCode).toBe(200);
      const { factors } = ownAccountSchema.parse((await ask('GET', '/api/v1/account')).json());
      const gone = await ask('POST', `/api/v1/account/factors/${factors[0]?.id}/remove`, {
        password: testPassword,
      });
      expect(codeOf(gone)).toBe('account.factor_required');
    } finally {
      site.factorFor.length = 0;
    }
  });
});
