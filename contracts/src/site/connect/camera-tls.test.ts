import { expect, test } from 'vitest';
import { deviceSchemas } from '../devices/device.ts';

const pin = `sha256/${'A'.repeat(43)}=`;
const parsed = (url: string, tls: unknown) =>
  deviceSchemas.camera.safeParse({
    ...{ kind: 'camera', id: 'cam', zone: 'gate', profile: 'generic-camera' },
    connect: { driver: url.startsWith('http') ? 'http' : 'rtsp', url, tls },
  });
const complaints = (url: string, tls: unknown) =>
  parsed(url, tls).error?.issues.map(({ path }) => path.join('/'));

test.each([
  ['a pin', { pin }],
  ['an authority of the site', { ca: { secret: 'site-ca.pem' } }],
  ['nothing, with a reason', { verify: false, reason: 'the cable is in a locked cabinet' }],
  ['left out', undefined],
])('a certificate is judged by %s', (_name, tls) => {
  expect(parsed('rtsps://camera/1', tls).success).toBe(true);
  expect(parsed(' HTTPS://camera/1', tls).success).toBe(true);
});

test.each<[string, unknown, string]>([
  ['no way at all', {}, 'connect/tls'],
  ['two ways', { pin, verify: false, reason: 'because of reasons' }, 'connect/tls'],
  ['no verification without a reason', { verify: false }, 'connect/tls/reason'],
  ['a reason that says nothing', { verify: false, reason: '   x    ' }, 'connect/tls/reason'],
  ['a reason for what is verified', { pin, reason: 'because of reasons' }, 'connect/tls/reason'],
  ['verification that is on anyway', { verify: true }, 'connect/tls/verify'],
  ['a digest of another kind', { pin: 'sha1/AAAA' }, 'connect/tls/pin'],
])('%s is refused', (_name, tls, path) => {
  expect(complaints('rtsps://camera/1', tls)).toContain(path);
});

test('a camera without TLS shows no certificate to judge', () => {
  expect(complaints('rtsp://camera/1', { pin })).toEqual(['connect/tls']);
  expect(complaints('http://camera/1', { pin })).toEqual(['connect/tls']);
});
