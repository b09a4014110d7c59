import { afterAll, beforeAll, expect, it } from 'vitest';
import { AccountLinks } from '../../accounts/account-links.ts';
import { accountLinkPolicy } from '../../accounts/policy.ts';
import { saveAccount } from '../../store/account-store.ts';
import { codeOf } from '../../testing/http-client.ts';
import { HttpSite } from '../../testing/http-site.ts';

let site: HttpSite;
let token: string;
beforeAll(async () => {
  site = await HttpSite.open();
  await saveAccount(site.store.db, { name: 'ben', roles: { '*': 'officer' }, password: 'none' });
  ({ token } = await new AccountLinks(site.store.db, () => site.clock.nowMs).issue('ben'));
});
afterAll(() => site.close());

const password = 'four words are enough';
const look = (secret: string) => site.ask('POST', '/api/v1/account-link', undefined, { token: secret });
const set = (body: object) => site.ask('POST', '/api/v1/account-link/password', undefined, body);

it('a link says whose it is, sets the password once and logs in', async () => {
  const found = await look(token);
  expect(found.json()).toMatchObject({ user: 'ben', leastCharacters: 12 });
  expect(found.headers['cache-control']).toBe('no-store');
  const short = await set({ token, password: 'short' });
  expect([short.statusCode, codeOf(short)]).toEqual([422, 'account.password_short']);
  const done = await set({ token, password });
  expect([done.statusCode, done.json().user]).toEqual([200, 'ben']);
  expect(String(done.headers['set-cookie'])).toMatch(/^wp_session.*HttpOnly; SameSite=Strict/);
  expect(done.body).not.toContain(token);
  for (const again of [await look(token), await set({ token, password })])
    expect([again.statusCode, codeOf(again)]).toEqual([410, 'account.link_invalid']);
});

it('what is no secret of ours is refused before anything is looked up, and guessing ends soon', async () => {
  for (const wrong of ['', 'x'.repeat(42), `${'x'.repeat(42)}!`])
    expect((await look(wrong)).statusCode).toBe(400);
  const codes: number[] = [];
  for (let tries = 0; tries <= accountLinkPolicy.perMinute; tries++)
    codes.push((await look('x'.repeat(43))).statusCode);
  expect(codes[0]).toBe(410);
  expect(codes.at(-1)).toBe(429);
});

it('another web site cannot use it', async () => {
  const foreign = await site.ask(
    ...(['POST', '/api/v1/account-link/password', undefined, { token, password }] as const),
    { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' },
  );
  expect([foreign.statusCode, codeOf(foreign)]).toEqual([403, 'api.cross_site']);
});
