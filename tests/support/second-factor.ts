import type { Page } from 'playwright-core';
import { codeAt, stepAt } from '../../alerting/src/accounts/totp.ts';
import { waitFor } from './wait-for.ts';

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** The bytes of a key as people type it into an app (RFC 4648 base 32). */
function bytesOf(key: string): Buffer {
  const bits = [...key.replaceAll(' ', '')].map((sign) =>
    alphabet.indexOf(sign).toString(2).padStart(5, '0'),
  );
  return Buffer.from((bits.join('').match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
}

/** An authenticator app on somebody’s phone. Each code is another one, as the server takes none twice. */
export class Authenticator {
  readonly #secret: Buffer;
  #step = 0;

  private constructor(key: string) {
    this.#secret = bytesOf(key);
  }

  /** Takes the key that the page shows, on the page of the own account or in front of the console. */
  static async setUp(page: Page, password: string) {
    await page.getByTestId('totp-begin').click();
    await page.getByTestId('proof').fill(password);
    await page.getByTestId('totp-begin-confirm').click();
    const key = await page.getByTestId('totp-setup').locator('code').innerText();
    const app = new Authenticator(key);
    await page.getByTestId('totp-code').fill(await app.code());
    await page.getByTestId('totp-confirm').click();
    const codes = (await page.getByTestId('recovery-codes-value').inputValue()).split('\n');
    return { app, codes };
  }

  /** The next code: of this half minute, or of the next one, for which a fast clock would stand. */
  async code(): Promise<string> {
    this.#step = Math.max(this.#step + 1, stepAt(Date.now()));
    const step = this.#step;
    await waitFor('a code that was not shown yet', () => stepAt(Date.now()) >= step - 1, 60_000);
    return codeAt(this.#secret, step);
  }
}
