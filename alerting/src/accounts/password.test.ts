import { expect, it } from 'vitest';
import { hashPassword, verifyPassword } from './password.ts';
import { passwordPolicy } from './policy.ts';

it('a password fits what was stored of it, however it was typed, and no other does', async () => {
  const stored = await hashPassword('Grüße 1234');
  expect(await verifyPassword('Grüße 1234', stored)).toBe(true);
  expect(await verifyPassword('Gru\u0308ße 1234', stored)).toBe(true);
  expect(await verifyPassword('Grüsse 1234', stored)).toBe(false);
});

it('one that was stored under another policy still fits', async () => {
  const earlier = { ...passwordPolicy, memory: 8_192, passes: 3, tagLength: 24 };
  const stored = await hashPassword('from before', earlier);
  expect(await verifyPassword('from before', stored)).toBe(true);
  expect(await verifyPassword('from after', stored)).toBe(false);
});

it.each([
  undefined,
  '',
  'plain',
  'argon2id$0$0$0$AAAA$AAAA',
  'argon2id$99999999$1$1$x$y',
  `argon2id$0$1$1$${'A'.repeat(22)}$${'A'.repeat(43)}`,
  '$$$$$',
])('nothing fits %j', async (stored) => {
  expect(await verifyPassword('', stored)).toBe(false);
  expect(await verifyPassword('any', stored)).toBe(false);
});
