// @vitest-environment jsdom
import type { OwnAccount, OwnSessionList } from '@watchpost/contracts/api';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ApiProblem } from '../../api/ask.ts';
import { DrawnPage } from '../../testing/drawn-page.tsx';
import { FakeApi } from '../../testing/fake-ask.ts';
import { testSession, testSites } from '../../testing/test-session.ts';
import { accountPage as AccountPage } from './account-entry.ts';

const factorId = '01998f3e-7d2a-7c11-9a35-0b1f5d6e7a81';
const other = '01998f3e-7d2a-7c11-9a35-0b1f5d6e7a82';
const time = '2026-11-27T08:00:00.000Z';

const account: OwnAccount = {
  id: '01998f3e-7d2a-7c11-9a35-0b1f5d6e7a80',
  name: 'ana',
  displayName: 'Ana Lopez',
  language: null,
  hasPassword: true,
  byProvider: false,
  leastCharacters: 12,
  factors: [],
  factorRequired: false,
  recoveryCodes: 0,
};
const withTotp: OwnAccount = {
  ...account,
  factors: [{ id: factorId, kind: 'totp', label: '', createdAt: time, lastUsed: null }],
  recoveryCodes: 10,
};
const session = { createdAt: time, lastUsed: time, expires: time, addressGroup: '192.0.2.7' };
const sessions: OwnSessionList = {
  sessions: [
    { ...session, id: factorId, current: true, browser: { name: 'Firefox', system: 'Windows' } },
    { ...session, id: other, current: false, browser: { name: null, system: null } },
  ],
};

let api: FakeApi;
let page: DrawnPage;
beforeEach(() => {
  api = new FakeApi({
    'GET /account': account,
    'GET /account/sessions': sessions,
    'GET /session/methods': { oidc: null, passkey: null },
  });
});
afterEach(() => page.close());

async function open(language: 'en' | 'zh-CN' = 'en'): Promise<void> {
  page = await DrawnPage.open(
    <AccountPage ask={api.ask} session={testSession(['alerts.read', 'accounts.manage'])} sites={testSites} />,
    { language },
  );
  await page.find('account-who');
}

it.each([
  ['en', 'Ana Lopez', 'The yard', 'Second factor'],
  ['zh-CN', 'Ana Lopez', '堆场', '双重验证'],
] as const)('says in %s who one is and what one may do', async (language, ...said) => {
  await open(language);
  for (const text of said) expect(page.text).toContain(text);
});

it('sends who comes by an identity provider there for password and second factor', async () => {
  api.answers['GET /account'] = { ...account, hasPassword: false, byProvider: true };
  await open();
  expect((await page.find('factors-provider')).textContent).toContain('identity provider');
  expect([page.all('totp-begin'), page.all('password-old')]).toEqual([[], []]);
});

describe('the password', () => {
  const type = (old: string, password: string, again: string) =>
    page.fill({ 'password-old': old, 'password-new': password, 'password-again': again });

  it('is changed with the one of before, and the form is empty again', async () => {
    api.answers['POST /account/password'] = null;
    await open();
    await type('old words of mine', 'new words of mine', 'new words of mine');
    await page.press('password-change');
    expect(api.bodiesOf('POST /account/password')).toEqual([
      { old: 'old words of mine', password: 'new words of mine' },
    ]);
    expect((await page.find('password-changed')).textContent).toContain('is changed');
    expect((await page.find('password-old')) as HTMLInputElement).toHaveProperty('value', '');
  });

  it('typed in two ways is not sent; a wrong one is said', async () => {
    api.answers['POST /account/password'] = new ApiProblem('api.bad_credentials', '', 401);
    await open();
    await type('old', 'new words of mine', 'other words of mine');
    await page.press('password-change');
    expect((await page.find('password-change-problem')).textContent).toContain('differ');
    expect(api.bodiesOf('POST /account/password')).toEqual([]);
    await type('old', 'new words of mine', 'new words of mine');
    await page.press('password-change');
    expect((await page.find('password-change-problem')).textContent).not.toBe('');
    expect((await page.find('password-changed')).textContent).toBe('');
  });

  it('is not asked for where there is none', async () => {
    api.answers['GET /account'] = { ...account, hasPassword: false };
    await open();
    expect(page.all('password-old')).toEqual([]);
  });
});

describe('sessions', () => {
  it('are listed in words; another one is ended, this one is not', async () => {
    api.answers[`DELETE /account/sessions/${other}`] = null;
    await open();
    expect(page.text).toContain('Firefox on Windows');
    expect(page.all('session-end')).toHaveLength(1);
    api.answers['GET /account/sessions'] = { sessions: sessions.sessions.slice(0, 1) };
    await page.press('session-end');
    expect(api.bodiesOf(`DELETE /account/sessions/${other}`)).toHaveLength(1);
    expect(page.all('session-row')).toHaveLength(1);
    expect(page.all('sessions-end-others')).toEqual([]);
  });

  it('all others end after a question, which can be taken back', async () => {
    api.answers['POST /account/sessions/end-others'] = null;
    await open();
    await page.press('sessions-end-others');
    await page.press('sessions-end-others-cancel');
    expect(api.bodiesOf('POST /account/sessions/end-others')).toEqual([]);
    await page.press('sessions-end-others');
    await page.press('sessions-end-others-confirm');
    expect(api.bodiesOf('POST /account/sessions/end-others')).toEqual([{}]);
    expect(page.all('sessions-end-others-dialog')).toEqual([]);
  });
});

describe('an authenticator app', () => {
  it('is set up with the password, a picture and a code; the recovery codes are shown once', async () => {
    api.answers['POST /account/totp'] = {
      secret: 'JBSWY3DPEHPK3PXP',
      uri: 'otpauth://totp/Watchpost:ana?secret=JBSWY3DPEHPK3PXP&issuer=Watchpost',
      expires: time,
    };
    api.answers['POST /account/totp/confirm'] = (body: { code: string }) =>
      body.code === '123456'
        ? { recoveryCodes: ['aaaa-1111', 'bbbb-2222'] }
        : new ApiProblem('account.factor_wrong', '', 422);
    await open();
    await page.press('totp-begin');
    await page.fill({ proof: 'old words of mine' });
    await page.press('totp-begin-confirm');
    expect(api.bodiesOf('POST /account/totp')).toEqual([{ password: 'old words of mine' }]);
    expect((await page.find('qr-code')).querySelectorAll('path')).toHaveLength(1);
    expect(page.text).toContain('JBSW Y3DP EHPK 3PXP');
    await page.fill({ 'totp-code': '000000' });
    await page.press('totp-confirm');
    expect((await page.find('totp-confirm-problem')).textContent).not.toBe('');
    api.answers['GET /account'] = withTotp;
    await page.fill({ 'totp-code': '123456' });
    await page.press('totp-confirm');
    expect(await page.find('recovery-codes-value')).toHaveProperty('value', 'aaaa-1111\nbbbb-2222');
    expect((await page.find('totp-begin')).textContent).toBe('Use another phone');
    await page.press('recovery-codes-done');
    expect(page.text).not.toContain('aaaa-1111');
  });

  it('is removed with the password; a refusal stays in the dialog', async () => {
    api.answers['GET /account'] = withTotp;
    const remove = `POST /account/factors/${factorId}/remove`;
    api.answers[remove] = new ApiProblem('account.factor_required', '', 409);
    await open();
    await page.press('factor-remove');
    await page.fill({ proof: 'old words of mine' });
    await page.press('factor-remove-confirm');
    expect((await page.find('factor-remove-confirm-problem')).textContent).not.toBe('');
    api.answers[remove] = null;
    api.answers['GET /account'] = account;
    await page.press('factor-remove-confirm');
    expect(api.bodiesOf(remove)).toEqual([
      { password: 'old words of mine' },
      { password: 'old words of mine' },
    ]);
    await page.find('factors-none');
  });
});

describe('a passkey', () => {
  const bytes = (text: string) => new TextEncoder().encode(text).buffer;
  const offered = { oidc: null, passkey: { origin: location.origin } };
  const create = vi.fn();
  beforeEach(() => {
    create.mockReset();
    vi.stubGlobal('PublicKeyCredential', class {});
    Object.defineProperty(navigator, 'credentials', { configurable: true, value: { create } });
    api.answers['GET /session/methods'] = offered;
    api.answers['POST /account/passkeys/begin'] = {
      options: { challenge: 'AQID', user: { id: 'BAU', name: 'ana' }, excludeCredentials: [{ id: 'Bg' }] },
      expires: time,
    };
  });
  afterEach(() => {
    vi.unstubAllGlobals();
    Reflect.deleteProperty(navigator, 'credentials');
  });
  const begin = async () => {
    await page.press('passkey-begin');
    await page.fill({ 'passkey-label': 'my phone', proof: 'old words of mine' });
    await page.press('passkey-begin-confirm');
  };

  it('is made by the browser after the password; the first shows recovery codes', async () => {
    create.mockResolvedValue({
      rawId: bytes('id'),
      response: {
        ...{ clientDataJSON: bytes('client'), getAuthenticatorData: () => bytes('data') },
        ...{
          getPublicKey: () => bytes('key'),
          getPublicKeyAlgorithm: () => -7,
          getTransports: () => ['usb'],
        },
      },
    });
    api.answers['POST /account/passkeys'] = { recoveryCodes: ['aaaa-1111'] };
    await open();
    await begin();
    expect(api.bodiesOf('POST /account/passkeys/begin')).toEqual([{ password: 'old words of mine' }]);
    const [{ publicKey }] = create.mock.calls[0] as [{ publicKey: PublicKeyCredentialCreationOptions }];
    expect(publicKey.challenge).toEqual(new Uint8Array([1, 2, 3]));
    expect(publicKey.user.id).toEqual(new Uint8Array([4, 5]));
    expect(publicKey.excludeCredentials?.[0]?.id).toEqual(new Uint8Array([6]));
    expect(api.bodiesOf('POST /account/passkeys')).toEqual([
      {
        label: 'my phone',
        response: {
          ...{ id: 'aWQ', clientDataJSON: 'Y2xpZW50', authenticatorData: 'ZGF0YQ', publicKey: 'a2V5' },
          ...{ algorithm: -7, transports: ['usb'] },
        },
      },
    ]);
    expect(await page.find('recovery-codes-value')).toHaveProperty('value', 'aaaa-1111');
  });

  it('that the person cancels is not sent, and the dialog says so', async () => {
    create.mockRejectedValue(new DOMException('', 'NotAllowedError'));
    await open();
    await begin();
    expect((await page.find('passkey-begin-confirm-problem')).textContent).toContain('cancelled');
    expect(api.bodiesOf('POST /account/passkeys')).toEqual([]);
  });

  it.each([
    ['address', { oidc: null, passkey: null }, 'not by an IP address'],
    ['elsewhere', { oidc: null, passkey: { origin: 'https://watch.example' } }, 'https://watch.example'],
    ['browser', offered, 'knows no passkeys'],
    ['insecure', offered, 'over HTTPS'],
  ])('is not offered where it cannot be used (%s), and the page says why', async (why, methods, said) => {
    api.answers['GET /session/methods'] = methods;
    if (why === 'browser') vi.unstubAllGlobals();
    if (why === 'insecure') vi.stubGlobal('isSecureContext', false);
    await open();
    const hindrance = await page.find('passkey-hindrance');
    expect([hindrance.dataset.why, hindrance.textContent?.includes(said)]).toEqual([why, true]);
    expect(page.all('passkey-begin')).toEqual([]);
  });
});

it('the language is kept with the account, and the page changes to it', async () => {
  api.answers['POST /account'] = null;
  await open();
  await page.fill({ 'account-language-choice': 'zh-CN' });
  await page.settle();
  expect(api.bodiesOf('POST /account')).toEqual([{ language: 'zh-CN' }]);
  expect(page.text).toContain('您的登录');
});
