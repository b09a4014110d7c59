import type { Browser, BrowserContext, CDPSession, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openBrowser } from '../support/browser.ts';
import { logInto } from '../support/console-page.ts';
import { startServer, type TestServer } from '../support/start-server.ts';

let server: TestServer;
let browser: Browser;
let context: BrowserContext;
let page: Page;
let device: CDPSession;
let authenticatorId: string;
/** Passkeys are for names: this computer’s own is good without HTTPS. */
let address: string;

beforeAll(async () => {
  server = await startServer();
  browser = await openBrowser();
  address = server.ready.console.replace('127.0.0.1', 'localhost');
  context = await browser.newContext({ locale: 'en-US', viewport: { width: 1440, height: 900 } });
  page = await context.newPage();
  device = await context.newCDPSession(page);
  await device.send('WebAuthn.enable');
  ({ authenticatorId } = await device.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      ...{ protocol: 'ctap2', transport: 'internal', automaticPresenceSimulation: true },
      ...{ hasResidentKey: true, hasUserVerification: true, isUserVerified: true },
    },
  }));
});
afterAll(async () => {
  await browser?.close();
  await server?.stop();
});

const isIn = () => page.locator('[data-testid="alert-list"][data-loaded="true"]').waitFor();
const shown = (id: string) => page.getByTestId(id).waitFor();
async function comeAnew(url = address): Promise<void> {
  await context.clearCookies();
  await page.goto(url);
  await shown('login-user');
}
const typePassword = async () => {
  const { user, password } = server.ready;
  await page.getByTestId('login-user').fill(user);
  await page.getByTestId('login-password').fill(password);
  await page.getByTestId('login-submit').click();
};
const openAccount = async (url = address) => {
  await page.goto(new URL('/account', url).href);
  await shown('account-who');
};
const knowsThePerson = (isUserVerified: boolean) =>
  device.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified });

it('a passkey is set up in the own account, with the password and a name', async () => {
  await page.goto(address);
  await logInto(page, server.ready);
  await openAccount();
  await page.getByTestId('passkey-begin').click();
  await page.getByTestId('passkey-label').fill('this computer');
  await page.getByTestId('proof').fill(server.ready.password);
  await page.getByTestId('passkey-begin-confirm').click();
  await shown('recovery-codes');
  expect((await page.getByTestId('recovery-codes-value').inputValue()).split('\n')).toHaveLength(10);
  expect(await page.getByTestId('factor').innerText()).toContain('this computer');
  const { credentials } = await device.send('WebAuthn.getCredentials', { authenticatorId });
  expect(credentials).toMatchObject([{ rpId: 'localhost', isResidentCredential: true }]);
});

it('the same device is not registered twice', async () => {
  await page.getByTestId('recovery-codes-done').click();
  await page.getByTestId('passkey-begin').click();
  await page.getByTestId('passkey-label').fill('again');
  await page.getByTestId('proof').fill(server.ready.password);
  await page.getByTestId('passkey-begin-confirm').click();
  await page.getByTestId('passkey-begin-confirm-problem').filter({ hasText: 'already' }).waitFor();
});

it('it lets in without the password where the device knows the person', async () => {
  await comeAnew();
  await page.getByTestId('passkey-log-in').click();
  await isIn();
});

it('it does not where the device does not know the person', async () => {
  await comeAnew();
  await knowsThePerson(false);
  await page.getByTestId('passkey-log-in').click();
  await page.getByTestId('passkey-problem').filter({ hasText: /\w/ }).waitFor();
  expect(await page.getByTestId('alert-list').count()).toBe(0);
});

it('it is the second step after the password', async () => {
  await knowsThePerson(true);
  await comeAnew();
  await typePassword();
  await page.getByTestId('second-passkey').click();
  await isIn();
});

it('is not offered at a bare address, and the own account says why', async () => {
  await openAccount();
  await page.getByTestId('codes-renew').click();
  await page.getByTestId('proof').fill(server.ready.password);
  await page.getByTestId('codes-renew-confirm').click();
  const [code = ''] = (await page.getByTestId('recovery-codes-value').inputValue()).split('\n');
  await comeAnew(server.ready.console);
  expect(await page.getByTestId('passkey-log-in').count()).toBe(0);
  await typePassword();
  expect(await page.getByTestId('second-passkey').count()).toBe(0);
  await page.getByTestId('second-code').fill(code);
  await page.getByTestId('second-submit').click();
  await isIn();
  await openAccount(server.ready.console);
  expect(await page.getByTestId('passkey-hindrance').getAttribute('data-why')).toBe('address');
});

it('removed, it lets nobody in, though the device still has it', async () => {
  await page.getByTestId('factor-remove').click();
  await page.getByTestId('proof').fill(server.ready.password);
  await page.getByTestId('factor-remove-confirm').click();
  await shown('factors-none');
  await comeAnew();
  await page.getByTestId('passkey-log-in').click();
  await page.getByTestId('passkey-problem').filter({ hasText: 'does not fit' }).waitFor();
  await typePassword();
  await isIn();
});
