// @vitest-environment jsdom
import type { SecondStepRequest, Session } from '@watchpost/contracts/api';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ApiProblem } from '../../api/ask.ts';
import type { ConsoleApi } from '../../api/console-api.ts';
import { DrawnPage } from '../../testing/drawn-page.tsx';
import { testSession } from '../../testing/test-session.ts';
import { LoginPage } from './login-page.tsx';

const session = testSession(['alerts.read']);
const asked: SecondStepRequest[] = [];
let page: DrawnPage;
let onSession: ReturnType<typeof vi.fn<(session: Session) => void>>;
beforeEach(() => {
  asked.length = 0;
  onSession = vi.fn();
});
afterEach(() => page.close());

async function open(kinds: ('totp' | 'recovery' | 'passkey')[]): Promise<void> {
  const api = {
    logInMethods: async () => ({ oidc: { label: { en: 'Staff', 'zh-CN': '员工账户' } }, passkey: null }),
    logIn: async () =>
      kinds.length === 0 ? session : { secondFactor: kinds, expires: '2026-11-27T08:05:00.000Z' },
    secondStep: async (request: SecondStepRequest) => {
      asked.push(request);
      if (request.kind === 'passkey' || !/123456|kept-code/.test(request.code))
        throw new ApiProblem('account.factor_wrong', '', 401);
      return session;
    },
  } as unknown as ConsoleApi;
  page = await DrawnPage.open(<LoginPage api={api} ended={false} onSession={onSession} />);
  await page.fill({ 'login-user': 'ana', 'login-password': 'four words are enough' });
  await page.press('login-submit');
}

it('a password alone is enough where nothing else is wanted', async () => {
  await open([]);
  expect(page.all('login-user')).toHaveLength(1);
  expect(onSession).toHaveBeenCalledExactlyOnceWith(session);
});

it('a code of the app is the second step; a wrong one is said, and the next try is free', async () => {
  await open(['totp', 'recovery']);
  expect(onSession).not.toHaveBeenCalled();
  await page.fill({ 'second-code': '000000' });
  await page.press('second-submit');
  expect((await page.find('second-problem')).textContent).not.toBe('');
  await page.fill({ 'second-code': '123456' });
  await page.press('second-submit');
  expect(onSession).toHaveBeenCalledExactlyOnceWith(session);
  expect(asked.at(-1)).toEqual({ kind: 'totp', code: '123456' });
});

it('a recovery code does instead', async () => {
  await open(['totp', 'recovery']);
  await page.press('second-other');
  await page.fill({ 'second-code': ' kept-code ' });
  await page.press('second-submit');
  expect(asked).toEqual([{ kind: 'recovery', code: 'kept-code' }]);
  expect(onSession).toHaveBeenCalledOnce();
});

it('the log-in can begin again', async () => {
  await open(['totp']);
  expect(page.all('second-other')).toEqual([]);
  await page.press('second-cancel');
  await page.find('login-user');
});

it('the way to the identity provider is offered beside the password, and not in the second step', async () => {
  await open(['totp']);
  expect(page.all('provider-log-in')).toEqual([]);
  await page.press('second-cancel');
  const link = await page.find('provider-log-in');
  expect(link.getAttribute('href')).toBe('/api/v1/session/oidc');
  expect(link.textContent).toBe('Log in with Staff');
});

describe('a passkey', () => {
  const bytes = (text: string) => new TextEncoder().encode(text).buffer;
  const get = vi.fn();
  const signed = {
    ...{ id: 'aWQ', clientDataJSON: 'Y2xpZW50', authenticatorData: 'ZGF0YQ' },
    ...{ signature: 'c2lnbg', userHandle: null },
  };
  beforeEach(() => {
    get.mockReset().mockResolvedValue({
      rawId: bytes('id'),
      response: {
        ...{ clientDataJSON: bytes('client'), authenticatorData: bytes('data') },
        ...{ signature: bytes('sign'), userHandle: null },
      },
    });
    vi.stubGlobal('PublicKeyCredential', class {});
    Object.defineProperty(navigator, 'credentials', { configurable: true, value: { get } });
  });
  afterEach(() => {
    vi.unstubAllGlobals();
    Reflect.deleteProperty(navigator, 'credentials');
  });
  const openWith = async (passkey: { origin: string } | null, secondFactor: string[] = []) => {
    const api = {
      logInMethods: async () => ({ oidc: null, passkey }),
      logIn: async () => ({ secondFactor, expires: '', passkey: { challenge: 'AQID' } }),
      passkeyStep: async () => ({ options: { challenge: 'AQID' }, expires: '' }),
      passkeyLogIn: async (response: object) => {
        expect(response).toEqual(signed);
        return session;
      },
      secondStep: async (request: SecondStepRequest) => {
        asked.push(request);
        return session;
      },
    } as unknown as ConsoleApi;
    page = await DrawnPage.open(<LoginPage api={api} ended={false} onSession={onSession} />);
  };

  it('lets in alone, where the page can', async () => {
    await openWith({ origin: location.origin });
    await page.press('passkey-log-in');
    await vi.waitFor(() => expect(onSession).toHaveBeenCalledExactlyOnceWith(session));
  });

  it('is not offered at another address', async () => {
    await openWith({ origin: 'https://watch.example' });
    await page.settle();
    expect(page.all('passkey-log-in')).toEqual([]);
  });

  it('that is cancelled is said, and the password stays possible', async () => {
    get.mockRejectedValue(new DOMException('', 'NotAllowedError'));
    await openWith({ origin: location.origin });
    await page.press('passkey-log-in');
    await vi.waitFor(async () => {
      await page.settle();
      expect((await page.find('passkey-problem')).textContent).toContain('cancelled');
    });
    await page.find('login-user');
  });

  it('is the second step, beside a recovery code', async () => {
    await openWith(null, ['passkey', 'recovery']);
    await page.fill({ 'login-user': 'ana', 'login-password': 'four words are enough' });
    await page.press('login-submit');
    await page.press('second-passkey');
    await vi.waitFor(() => expect(asked).toEqual([{ kind: 'passkey', response: signed }]));
    await vi.waitFor(() => expect(onSession).toHaveBeenCalledExactlyOnceWith(session));
  });
});
