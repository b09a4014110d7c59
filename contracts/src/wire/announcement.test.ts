import { expect, it } from 'vitest';
import { sitePartSchema } from '../site/index.ts';
import { announcementSchema, issuedCertificateSchema, signedAnnouncementSchema } from './index.ts';

const part = {
  ...{ kind: 'site', site: 'demo', gateway: 'gw-1', version: 7, size: 100, path: '/site-part' },
  digest: 'a'.repeat(64),
};

it('what a later version adds is not looked at', () => {
  expect(announcementSchema.parse({ ...part, later: 1 })).toEqual(part);
  const signed = { kid: 'k', announcement: 'e30', signature: 'e30' };
  expect(signedAnnouncementSchema.parse({ ...signed, later: 1 })).toEqual(signed);
});

it.each([
  ['another place than the door’s', { path: 'https://elsewhere/site-part' }],
  ['the place of the other document', { path: '/permit' }],
  ['a document that is too large', { size: 4 * 1024 * 1024 + 1 }],
  ['version 0', { version: 0 }],
  ['a gateway with a wildcard', { gateway: '+' }],
  ['no SHA-256', { digest: 'abc' }],
])('%s is refused', (_name, change) => {
  expect(announcementSchema.safeParse({ ...part, ...change }).success).toBe(false);
});

it('a permit without an end is refused', () => {
  const permit = { ...part, kind: 'permit', path: '/permit', issued: '2026-11-01T08:15:30.250Z' };
  expect(announcementSchema.safeParse(permit).success).toBe(false);
  expect(announcementSchema.safeParse({ ...permit, expires: '2026-11-01T08:16:30.250Z' }).success).toBe(true);
});

it('a device that nobody here knows is no reason to refuse the site part', () => {
  const found = sitePartSchema.parse({
    ...{ site: 'demo', gateway: 'gw-1', version: 1, timeZone: 'UTC', zones: [], passes: {}, later: true },
    ...{ devices: [{ kind: 'weather_station', id: 'w1' }], off: { shown: [], others: 0 } },
  });
  expect(found.devices).toHaveLength(1);
  expect(found.passes.audience).toBe('gate');
});

it('addresses come over TLS only', () => {
  const keys = [{ kid: 'k', publicKey: 'A'.repeat(43) }];
  const answer = (broker: string, door: string) =>
    issuedCertificateSchema.safeParse({ certificate: 'x', server: { broker, door, keys } }).success;
  expect(answer('mqtts://h:8883', 'https://h:8884')).toBe(true);
  expect(answer('mqtt://h:1883', 'https://h:8884')).toBe(false);
  expect(answer('mqtts://h:8883', 'http://h:8884')).toBe(false);
});
