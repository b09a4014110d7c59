import { generateKeyPairSync } from 'node:crypto';
import {
  accountPageSchema,
  logInMethodsSchema,
  ownAccountSchema,
  type PasskeyOptions,
  passkeyMadeSchema,
  passkeyStepSchema,
  secondStepSchema,
  sessionSchema,
} from '@watchpost/contracts/api';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { saveAccount } from '../../store/account-store.ts';
import { codeOf, testPassword } from '../../testing/http-client.ts';
import { HttpSite } from '../../testing/http-site.ts';
import { SoftPasskey, type Twist } from '../../testing/soft-passkey.ts';
import { hashPassword } from '../password.ts';
import { relyingPartyOf } from './relying-party.ts';

let site: HttpSite;
let origin: string;
let host: string;
let derived: string;
beforeAll(async () => {
  site = await HttpSite.open();
  origin = site.base.replace('127.0.0.1', 'localhost');
  host = new URL(origin).host;
  derived = await hashPassword(testPassword);
});
afterAll(() => site.close());

type Answer = Awaited<ReturnType<HttpSite['ask']>>;
const cookieIn = (answer: Answer, name = '') => {
  const found = answer.cookies.find((one) => one.name.includes(name) && one.value !== '');
  return found ? `${found.name}=${found.value}` : '';
};
/** Browsers come from addresses of their own, so that none pays for another. */
let browsers = 0;
const from = () => `127.2.${Math.floor(browsers / 250)}.${(browsers++ % 250) + 1}`;
const post = (url: string, payload: object, cookie = '', remoteAddress = from()) =>
  site.app.inject({
    ...{ method: 'POST', url: `/api/v1${url}`, payload, remoteAddress },
    headers: { host, ...(cookie ? { cookie } : {}), 'content-type': 'application/json' },
  });

let people = 0;
/** Somebody with a password, logged in. */
async function somebody() {
  const user = `person${++people}`;
  await saveAccount(site.store.db, { name: user, roles: { test: 'officer' }, password: derived });
  const answer = await post('/session', { user, password: testPassword });
  return {
    user,
    cookie: cookieIn(answer, 'wp_session'),
    account: sessionSchema.parse(answer.json()).account,
  };
}
const begin = (cookie: string, password = testPassword) =>
  post('/account/passkeys/begin', { password }, cookie);
const optionsOf = (answer: Answer): PasskeyOptions => passkeyStepSchema.parse(answer.json()).options;

/** A passkey of somebody, set up. */
async function setUp(cookie: string, label = 'my phone') {
  const passkey = new SoftPasskey(origin);
  const response = passkey.create(optionsOf(await begin(cookie)));
  const answer = await post('/account/passkeys', { label, response }, cookie);
  expect([answer.statusCode, answer.body]).toEqual([200, answer.body]);
  return { passkey, codes: passkeyMadeSchema.parse(answer.json()).recoveryCodes };
}
const beginAlone = async () => {
  const answer = await post('/session/passkey/begin', {});
  return { options: optionsOf(answer), cookie: cookieIn(answer, 'wp_passkey') };
};
async function enterAlone(passkey: SoftPasskey, twist: Twist = {}) {
  const { options, cookie } = await beginAlone();
  return post('/session/passkey', { response: passkey.get(options, twist) }, cookie);
}
async function half(user: string) {
  const answer = await post('/session', { user, password: testPassword });
  expect(answer.statusCode).toBe(202);
  return { step: secondStepSchema.parse(answer.json()), cookie: cookieIn(answer, 'wp_second') };
}
const audited = async (action: string, account: string) => {
  const rows = await site.store.db.selectFrom('audit').selectAll().orderBy('position').execute();
  return rows.filter((entry) => entry.action === action && entry.subject?.id === account);
};
const own = async (cookie: string) => {
  const headers = { host, cookie };
  return ownAccountSchema.parse((await site.app.inject({ url: '/api/v1/account', headers })).json());
};

test.each([
  ['https://watch.example', 'watch.example'],
  ['https://watch.example:8443', 'watch.example'],
  ['http://localhost:8080', 'localhost'],
  ['http://watch.example', undefined],
  ['https://192.0.2.7', undefined],
  ['http://127.0.0.1:8080', undefined],
  ['https://[2001:db8::1]', undefined],
])('passkeys at %s are of %s', (page, id) => {
  expect(relyingPartyOf(page)?.id).toBe(id);
});

test('where passkeys cannot be used, none is offered, and the answer says why', async () => {
  const methods = async (name: string) =>
    logInMethodsSchema.parse(
      (await site.app.inject({ url: '/api/v1/session/methods', headers: { host: name } })).json(),
    ).passkey;
  expect(await methods(host)).toEqual({ origin });
  expect(await methods(new URL(site.base).host)).toBeNull();
  const answer = await site.ask(
    'POST',
    '/api/v1/session/passkey/begin',
    undefined,
    {},
    {
      host: new URL(site.base).host,
    },
  );
  expect([answer.statusCode, codeOf(answer)]).toEqual([409, 'account.passkey_unavailable']);
});

describe('a passkey', () => {
  test('is set up with the password, named, and audited; the first brings recovery codes', async () => {
    const { cookie, account } = await somebody();
    const { codes } = await setUp(cookie, ' my phone ');
    expect(codes).toHaveLength(10);
    expect((await setUp(cookie, 'my key')).codes).toEqual([]);
    expect((await own(cookie)).factors.map(({ kind, label }) => `${kind} ${label}`).toSorted()).toEqual([
      'passkey my key',
      'passkey my phone',
    ]);
    expect((await audited('factor_added', account)).map(({ details }) => details)).toMatchObject([
      { kind: 'passkey', label: 'my phone' },
      { kind: 'passkey', label: 'my key' },
    ]);
  });

  test('is the second step after the password, and lets in alone when it knows the person', async () => {
    const { user, cookie } = await somebody();
    const { passkey } = await setUp(cookie);
    const { step, cookie: begun } = await half(user);
    expect(step.secondFactor).toEqual(['passkey', 'recovery']);
    expect(step.passkey).toMatchObject({ rpId: 'localhost', allowCredentials: [{ id: passkey.id }] });
    const response = passkey.get(step.passkey ?? { challenge: '' }, { userVerified: false });
    const second = await post('/session/second', { kind: 'passkey', response }, begun);
    expect(sessionSchema.parse(second.json()).user).toBe(user);
    const alone = await enterAlone(passkey);
    expect([alone.statusCode, sessionSchema.parse(alone.json()).user]).toEqual([200, user]);
    const entered = await audited('log_in', sessionSchema.parse(alone.json()).account);
    expect(entered.map(({ details }) => details.factor)).toEqual([undefined, 'passkey', 'passkey']);
  });

  test('that is removed lets nobody in; a recovery code does until the last factor is gone', async () => {
    const { user, cookie } = await somebody();
    const { passkey, codes } = await setUp(cookie);
    const { cookie: begun } = await half(user);
    const code = { kind: 'recovery', code: codes[0] };
    expect((await post('/session/second', code, begun)).statusCode).toBe(200);
    const [factor] = (await own(cookie)).factors;
    const remove = (password: string) => post(`/account/factors/${factor?.id}/remove`, { password }, cookie);
    expect((await remove('a wrong password')).statusCode).toBe(403);
    expect((await remove(testPassword)).statusCode).toBe(204);
    expect(codeOf(await enterAlone(passkey))).toBe('account.passkey_refused');
    expect((await post('/session', { user, password: testPassword })).statusCode).toBe(200);
    expect((await own(cookie)).recoveryCodes).toBe(0);
  });

  test.each(['reset', 'disable'])('ends when the account is %s', async (step) => {
    const { user, cookie, account } = await somebody();
    const { passkey } = await setUp(cookie);
    await site.ask('POST', `/api/v1/accounts/${account}/${step}`, 'admin', {});
    expect(codeOf(await enterAlone(passkey))).toBe('account.passkey_refused');
    await site.ask('POST', `/api/v1/accounts/${account}/enable`, 'admin', {});
    expect(codeOf(await enterAlone(passkey))).toBe('account.passkey_refused');
    const page = await site.ask('GET', `/api/v1/accounts?search=${user}`, 'admin');
    expect(accountPageSchema.parse(page.json()).accounts[0]).toMatchObject({ state: 'invited', factors: [] });
  });

  test('that counts backwards is refused as a copy, and that is in the audit log', async () => {
    const { cookie, account } = await somebody();
    const { passkey } = await setUp(cookie);
    expect((await enterAlone(passkey, { counter: 7 })).statusCode).toBe(200);
    for (const counter of [7, 3, 0])
      expect(codeOf(await enterAlone(passkey, { counter }))).toBe('account.passkey_copied');
    expect((await enterAlone(passkey, { counter: 8 })).statusCode).toBe(200);
    const [refusal] = await audited('log_in_refused', account);
    expect(refusal?.details.code).toBe('account.passkey_copied');
  });

  test('that counts nothing is no copy', async () => {
    const { cookie } = await somebody();
    const passkey = new SoftPasskey(origin);
    const response = passkey.create(optionsOf(await begin(cookie)), { counter: 0 });
    await post('/account/passkeys', { label: 'synced', response }, cookie);
    for (const _again of [1, 2]) expect((await enterAlone(passkey, { counter: 0 })).statusCode).toBe(200);
  });
});

describe('a set-up', () => {
  let person: Awaited<ReturnType<typeof somebody>>;
  beforeEach(async () => {
    person = await somebody();
  });
  const confirm = (response: object, cookie = person.cookie) =>
    post('/account/passkeys', { label: 'mine', response }, cookie);

  test('wants the password of now, and a session', async () => {
    expect(codeOf(await begin(person.cookie, 'a wrong password'))).toBe('account.wrong_password');
    expect(codeOf(await begin(''))).toBe('api.unauthenticated');
    const unbegun = new SoftPasskey(origin).create({
      challenge: 'A'.repeat(43),
      user: { id: 'x' },
    } as PasskeyOptions);
    expect(codeOf(await confirm(unbegun))).toBe('account.factor_setup_ended');
  });

  test.each<[string, Twist]>([
    ['another origin', { origin: 'https://evil.example' }],
    ['another port', { origin: 'http://localhost:1' }],
    ['another relying party', { rpId: 'evil.example' }],
    ['another challenge', { challenge: 'A'.repeat(43) }],
    ['a log-in', { type: 'webauthn.get' }],
    ['a page within another', { crossOrigin: true }],
    ['nobody there', { userPresent: false }],
  ])('with %s is refused, and its challenge is gone', async (_what, twist) => {
    const passkey = new SoftPasskey(origin);
    const options = optionsOf(await begin(person.cookie));
    expect(codeOf(await confirm(passkey.create(options, twist)))).toBe('account.passkey_refused');
    expect(codeOf(await confirm(passkey.create(options)))).toBe('account.factor_setup_ended');
    expect((await own(person.cookie)).factors).toEqual([]);
  });

  test('of a key that is no key, or too weak, or of another algorithm is refused', async () => {
    const weak = generateKeyPairSync('rsa', { modulusLength: 1_024 }).publicKey;
    const otherCurve = generateKeyPairSync('ec', { namedCurve: 'secp384r1' }).publicKey;
    const der = (key: typeof weak) => key.export({ format: 'der', type: 'spki' }).toString('base64url');
    const twists = [
      { publicKey: 'AAAA' },
      { publicKey: der(weak), algorithm: -257 },
      { publicKey: der(otherCurve) },
      { algorithm: -8 },
      { algorithm: -65_535 },
      { id: 'QUJD' },
      { authenticatorData: 'AAAA' },
      { clientDataJSON: Buffer.from('[]').toString('base64url') },
    ];
    for (const twist of twists) {
      const passkey = new SoftPasskey(origin);
      const made = passkey.create(optionsOf(await begin(person.cookie)));
      expect([twist, codeOf(await confirm({ ...made, ...twist }))]).toEqual([
        ...[twist, 'account.passkey_refused'],
      ]);
    }
  });

  test('for somebody else’s challenge, or of somebody else’s passkey, is refused', async () => {
    const other = await somebody();
    const foreign = new SoftPasskey(origin).create(optionsOf(await begin(other.cookie)));
    await begin(person.cookie);
    expect(codeOf(await confirm(foreign))).toBe('account.passkey_refused');
    const { passkey } = await setUp(other.cookie);
    const again = passkey.create(optionsOf(await begin(person.cookie)));
    expect(codeOf(await confirm(again))).toBe('account.passkey_refused');
  });
});

describe('a log-in by passkey alone', () => {
  let passkey: SoftPasskey;
  let account: string;
  let cookie: string;
  beforeAll(async () => {
    ({ account, cookie } = await somebody());
    ({ passkey } = await setUp(cookie));
  });

  test.each<[string, Twist]>([
    ['without knowing the person', { userVerified: false }],
    ['at another origin', { origin: 'https://evil.example' }],
    ['at another port', { origin: 'http://localhost:1' }],
    ['for another relying party', { rpId: 'evil.example' }],
    ['for another challenge', { challenge: 'A'.repeat(43) }],
    ['with a registration', { type: 'webauthn.create' }],
    ['from within another page', { crossOrigin: true }],
    ['with nobody there', { userPresent: false }],
    ['of no account', { userHandle: null }],
    ['of another account', { userHandle: Buffer.from('somebody else').toString('base64url') }],
  ])('%s is refused', async (_what, twist) => {
    const answer = await enterAlone(passkey, twist);
    expect([answer.statusCode, codeOf(answer), cookieIn(answer, 'wp_session')]).toEqual([
      ...[401, 'account.passkey_refused', ''],
    ]);
  });

  test('counts once: neither the same answer, nor a second one to the challenge, nor in another browser', async () => {
    const { options, cookie: begun } = await beginAlone();
    const response = passkey.get(options);
    const other = await beginAlone();
    const enter = (with_: string, answer = response) => post('/session/passkey', { response: answer }, with_);
    expect(codeOf(await enter(other.cookie))).toBe('account.passkey_refused');
    expect(codeOf(await enter(''))).toBe('account.passkey_refused');
    const both = await Promise.all([enter(begun), enter(begun)]);
    expect(both.map(({ statusCode }) => statusCode).toSorted()).toEqual([200, 401]);
    expect(codeOf(await enter(begun))).toBe('account.passkey_refused');
    expect(codeOf(await enter(begun, passkey.get(options)))).toBe('account.passkey_refused');
  });

  test('of a key that is not registered is refused, and the log tells of nobody', async () => {
    const stranger = new SoftPasskey(origin);
    const { options, cookie: begun } = await beginAlone();
    const response = stranger.get(options, { userHandle: Buffer.from(account).toString('base64url') });
    expect(codeOf(await post('/session/passkey', { response }, begun))).toBe('account.passkey_refused');
    // The registered id with a signature of another key.
    const next = await beginAlone();
    const forged = {
      ...stranger.get(next.options),
      id: passkey.id,
      userHandle: passkey.get(next.options).userHandle,
    };
    expect(codeOf(await post('/session/passkey', { response: forged }, next.cookie))).toBe(
      'account.passkey_refused',
    );
  });

  test('as a second step: another account’s passkey, and a challenge of another log-in, are wrong', async () => {
    const mine = await somebody();
    const { passkey: own1 } = await setUp(mine.cookie);
    const first = await half(mine.user);
    const second = await half(mine.user);
    const show = (response: object, begun: string) =>
      post('/session/second', { kind: 'passkey', response }, begun);
    const challenge = first.step.passkey ?? { challenge: '' };
    expect(codeOf(await show(passkey.get(challenge), first.cookie))).toBe('account.factor_wrong');
    expect(codeOf(await show(own1.get(challenge), second.cookie))).toBe('account.factor_wrong');
    const right = own1.get(challenge);
    const both = await Promise.all([show(right, first.cookie), show(right, first.cookie)]);
    expect(both.map(({ statusCode }) => statusCode).toSorted()).toEqual([200, 401]);
    // One that counts nothing, too: there the challenge alone tells.
    const synced = new SoftPasskey(origin);
    const response = synced.create(optionsOf(await begin(mine.cookie)), { counter: 0 });
    await post('/account/passkeys', { label: 'synced', response }, mine.cookie);
    const third = await half(mine.user);
    const answer = synced.get(third.step.passkey ?? { challenge: '' }, { counter: 0 });
    const again = await Promise.all([show(answer, third.cookie), show(answer, third.cookie)]);
    expect(again.map(({ statusCode }) => statusCode).toSorted()).toEqual([200, 401]);
  });
});
