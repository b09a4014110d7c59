import { expect, test } from 'vitest';
import { answers, WebReceiver } from '../../testing/web-receiver.ts';
import { AddressRules } from './address-rules.ts';
import type { Resolve } from './checked-lookup.ts';
import { HttpSender } from './http-sender.ts';

const goesOn = new AbortController().signal;
const message = (url: string) => ({ url, headers: {}, body: '', readsAnswer: false });
const refused = { delivery: { outcome: 'refused', code: 'notify.address_refused' } };

test.each([
  ...['127.0.0.1', '10.1.2.3', '172.31.255.255', '192.168.0.1', '169.254.169.254', '100.64.0.1', '0.0.0.0'],
  ...['224.0.0.1', '255.255.255.255', '::1', '::', 'fe80::1', 'fd00::1', 'ff02::1', '::ffff:127.0.0.1'],
  ...['::ffff:a00:1', '64:ff9b::a00:1', '2002:a00:1::', '2001:0:a00:1::', '::10.0.0.1', 'localhost', ''],
])('%s is nowhere to send to', (address) => {
  expect(new AddressRules().allows(address, true)).toBe(false);
});

test.each(['1.1.1.1', '172.32.0.1', '11.0.0.1', '2400:3200::1', '::ffff:1.1.1.1'])(
  '%s is public',
  (address) => {
    expect(new AddressRules().allows(address, true)).toBe(true);
    expect(new AddressRules().allows(address, false), 'without TLS').toBe(false);
  },
);

test('a network that the policy allows is allowed, and no other', () => {
  const rules = new AddressRules(['10.2.0.0/16', 'fd00:1::/32', '192.168.7.7']);
  for (const address of ['10.2.3.4', '::ffff:10.2.3.4', 'fd00:1::5', '192.168.7.7'])
    expect(rules.allows(address, false), address).toBe(true);
  for (const address of ['10.3.0.1', 'fd00:2::5', '192.168.7.8', '127.0.0.1'])
    expect(rules.allows(address, true), address).toBe(false);
});

test.each([
  ...['http://127.0.0.1', 'https://127.0.0.1', 'http://1.1.1.1', 'file:///etc/passwd', 'nowhere'],
  'http://2130706433',
  'http://0x7f.1',
  'http://[::1]',
  'http://[::ffff:7f00:1]',
])('%s is refused however it is written', async (url) => {
  await expect(
    new HttpSender({ rules: new AddressRules() }).post(message(url), goesOn),
  ).rejects.toMatchObject(refused);
});

test('a name of this computer is refused, as the system resolves it', async () => {
  const sender = new HttpSender({ rules: new AddressRules() });
  await expect(sender.post(message('http://localhost:1'), goesOn)).rejects.toMatchObject(refused);
});

test('a name is resolved once, and only its allowed addresses are connected to', async () => {
  const receiver = await new WebReceiver().start();
  receiver.answer = answers.ok;
  let asked = 0;
  const rebinds: Resolve = (_, done) => {
    asked++;
    const inside = { address: '127.0.0.1', family: 4 };
    const outside = { address: '127.0.0.2', family: 4 };
    done(null, asked === 1 ? [outside, inside] : [outside]);
  };
  const sender = new HttpSender({ rules: new AddressRules(['127.0.0.1']), resolve: rebinds });
  const url = `http://rebinds.example:${receiver.port}/`;
  expect(await sender.post(message(url), goesOn)).toMatchObject({ status: 200 });
  expect(asked).toBe(1);
  await expect(sender.post(message(url), goesOn)).rejects.toMatchObject(refused);
  expect(receiver.received).toHaveLength(1);
  await receiver.stop();
});
