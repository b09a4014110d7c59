import { expect, test } from 'vitest';
import { readServerFile } from './read-server-file.ts';

const read = (mail: string, secrets: readonly string[] = ['mail.password']) =>
  readServerFile(Buffer.from(`version: 1\nmail: ${mail}\n`), {
    file: 'server.yaml',
    hasSecret: (name) => secrets.includes(name),
  });
const whole =
  '{ host: mail.example, from: alarm@watch.example, user: w, password: { secret: mail.password } }';

test('a mail server is read, with TLS unless it is on this computer', () => {
  expect(read(whole).settings?.mail).toMatchObject({ host: 'mail.example', security: 'starttls' });
  expect(read('{ host: 127.0.0.1, from: a@b.example, security: none }').mistakes).toEqual([]);
});

test.each([
  ['without its secret', whole, [], { code: 'site.secret_missing', path: '/mail/password/secret', line: 2 }],
  [
    ...['without TLS on another computer', '{ host: mail.example, from: a@b.example, security: none }', []],
    { code: 'site.format', path: '/mail/security' },
  ],
  [
    ...['with a user and no password', '{ host: mail.example, from: a@b.example, user: w }', []],
    { code: 'site.format', path: '/mail/password' },
  ],
  ['from nobody', '{ host: mail.example, from: Watchpost }', [], { path: '/mail/from' }],
  ['at an address', '{ host: "smtp://mail.example", from: a@b.example }', [], { path: '/mail/host' }],
] as const)('a mail server %s is a mistake with its place', (_, mail, secrets, mistake) => {
  const { settings, mistakes } = read(mail, secrets);
  expect(settings).toBeUndefined();
  expect(mistakes).toMatchObject([mistake]);
});
