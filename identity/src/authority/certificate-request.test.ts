import fc from 'fast-check';
import { expect, test } from 'vitest';
import { newRequest } from '../testing/test-site.ts';
import { checkCertificateRequest } from './certificate-request.ts';

const armour = (body: string) =>
  `-----BEGIN CERTIFICATE REQUEST-----\n${body}\n-----END CERTIFICATE REQUEST-----\n`;

test('20,000 damaged requests are refused with the one code, or are still this gateway’s and signed', async () => {
  const { request } = await newRequest('gw1');
  const der = Buffer.from(request.replace(/-----[A-Z ]+-----|\s/g, ''), 'base64');
  const { publicKeySha256 } = await checkCertificateRequest(request, 'gw1');
  const garbage = fc.oneof(
    fc.string({ maxLength: 300 }),
    fc.uint8Array({ maxLength: 300 }).map((bytes) => armour(Buffer.from(bytes).toString('base64'))),
    // lengths and tags of DER above all
    fc.array(fc.tuple(fc.nat(der.length - 1), fc.nat(255)), { minLength: 1, maxLength: 3 }).map((changes) => {
      const changed = Buffer.from(der);
      for (const [at, value] of changes) changed[at] = value;
      return armour(changed.toString('base64'));
    }),
    fc.nat(der.length - 1).map((length) => armour(der.subarray(0, length).toString('base64'))),
    fc.nat(2000).map((depth) => armour(Buffer.alloc(depth, 0x30).toString('base64'))),
  );
  let refused = 0;
  await fc.assert(
    fc.asyncProperty(garbage, async (text) => {
      try {
        return (await checkCertificateRequest(text, 'gw1')).publicKeySha256 === publicKeySha256;
      } catch (error) {
        refused++;
        return (error as { code?: string }).code === 'identity.request_refused';
      }
    }),
    { numRuns: 20_000 },
  );
  expect(refused).toBeGreaterThan(15_000);
}, 60_000);
