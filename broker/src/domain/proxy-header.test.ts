import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseProxyHeader } from './proxy-header.ts';

const v2 = (command: number, family: number, addresses: number[]) =>
  Buffer.from([
    ...Buffer.from('0d0a0d0a000d0a515549540a', 'hex'),
    command,
    family,
    0,
    addresses.length,
    ...addresses,
  ]);

const four = [203, 0, 113, 9, 10, 0, 0, 1, 0x30, 0x39, 0x07, 0x5b];
const six = [0x20, 1, 0xd, 0xb8, ...Array(11).fill(0), 1, ...Array(20).fill(0)];

test.each([
  ['version 1, IPv4', Buffer.from('PROXY TCP4 203.0.113.9 10.0.0.1 12345 1883\r\n'), '203.0.113.9'],
  ['version 1, IPv6', Buffer.from('PROXY TCP6 2001:db8::1 ::1 12345 1883\r\n'), '2001:db8::1'],
  ['version 1, unknown', Buffer.from('PROXY UNKNOWN\r\n'), undefined],
  ['version 2, IPv4', v2(0x21, 0x11, four), '203.0.113.9'],
  ['version 2, IPv6', v2(0x21, 0x21, six), '2001:db8:0:0:0:0:0:1'],
  ['version 2, health check', v2(0x20, 0, []), undefined],
])('%s', (_what, header, address) => {
  const sent = Buffer.concat([header, Buffer.from([0x10])]);
  for (let cut = 0; cut < header.length; cut++)
    expect(parseProxyHeader(sent.subarray(0, cut))).toBeUndefined();
  expect(parseProxyHeader(sent)).toEqual({ length: header.length, ...(address ? { address } : {}) });
});

test.each(['GET / HTTP/1.1\r\n', '\x10\x0c\x00\x04MQTT', `PROXY ${'x'.repeat(200)}`, 'PROXY TCP5 a b\r\n'])(
  '%j is refused',
  (bytes) => {
    expect(() => parseProxyHeader(Buffer.from(bytes, 'latin1'))).toThrow(
      expect.objectContaining({ code: 'broker.malformed_packet' }),
    );
  },
);

test('any bytes give a header, a wish for more, or a coded error', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 80 }), fc.boolean(), (bytes, second) => {
      const start = second ? v2(0x21, 0x11, four).subarray(0, 13) : Buffer.alloc(0);
      try {
        parseProxyHeader(Buffer.concat([start, bytes]));
      } catch (error) {
        expect(error).toMatchObject({ code: 'broker.malformed_packet' });
      }
    }),
  );
});
