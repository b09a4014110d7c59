import { X509Certificate } from 'node:crypto';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { afterEach, beforeAll, expect, test } from 'vitest';
import { TestCertificate } from '../../testing/test-certificates.ts';
import { SourceFailure } from '../source-failure.ts';
import { type CertificateCheck, pinOf } from './certificate-check.ts';
import { dialTls } from './dial-tls.ts';

const bySystem: CertificateCheck = { by: 'authorities' };
const pin = (certificate: TestCertificate) => pinOf(new X509Certificate(certificate.pem));
let authority: TestCertificate;
let own: TestCertificate;
beforeAll(async () => {
  authority = await TestCertificate.make({ isAuthority: true });
  own = await TestCertificate.make();
});

let server: Server | undefined;
const heard: Buffer[] = [];
afterEach(async () => {
  heard.length = 0;
  await new Promise((resolve) => (server ? server.close(resolve) : resolve(null)));
});
const listen = async (listening: Server) => {
  server = listening;
  await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve));
  return (listening.address() as AddressInfo).port;
};
const camera = ({ pem, keyPem }: TestCertificate) =>
  listen(
    createTlsServer({ cert: pem, key: keyPem }, (socket: Socket) => {
      socket.on('error', () => undefined);
      socket.on('data', (bytes) => heard.push(bytes));
    }),
  );

/** `accepted`, or the code with the pin that was told. */
async function dial(port: number, check: CertificateCheck, host = '127.0.0.1'): Promise<unknown> {
  try {
    (await dialTls({ host, port, check })).destroy();
    return 'accepted';
  } catch (error) {
    if (!(error instanceof SourceFailure)) throw error;
    return [error.code, error.shownCertificate];
  }
}

test('a camera that signed its own certificate is refused, and accepted by the pin that the refusal says', async () => {
  const port = await camera(own);
  expect(await dial(port, bySystem)).toEqual(['edge.camera_certificate_unknown', pin(own)]);
  expect(await dial(port, { by: 'pin', pin: pin(own) })).toBe('accepted');
  expect(await dial(port, { by: 'nothing' })).toBe('accepted');
});

test('another key than the pinned one is refused, also one that an authority vouches for', async () => {
  const signed = await TestCertificate.make({ issuer: authority });
  const port = await camera(signed);
  expect(await dial(port, { by: 'pin', pin: pin(own) })).toEqual([
    'edge.camera_certificate_changed',
    pin(signed),
  ]);
});

test('an authority of the site counts beside those of the system, for the host that is dialled', async () => {
  const port = await camera(await TestCertificate.make({ issuer: authority }));
  expect(await dial(port, bySystem)).toMatchObject(['edge.camera_certificate_unknown', expect.any(String)]);
  const bySite: CertificateCheck = { by: 'authorities', authority: authority.pem };
  expect(await dial(port, bySite)).toBe('accepted');
  expect(await dial(port, bySite, 'localhost')).toMatchObject([
    'edge.camera_certificate_name',
    expect.any(String),
  ]);
});

test('a certificate that is not valid now is refused for that', async () => {
  const port = await camera(await TestCertificate.make({ issuer: authority, lifeMs: 1000 }));
  expect(await dial(port, { by: 'authorities', authority: authority.pem })).toMatchObject([
    'edge.camera_certificate_expired',
    expect.any(String),
  ]);
});

test('the pin is that of the key: a renewed certificate of the same key keeps it', async () => {
  // As RFC 7469 §2.4 has it, and `openssl x509 -pubkey | openssl pkey -outform der | openssl dgst -sha256`.
  const spki = Buffer.from(await crypto.subtle.exportKey('spki', own.keys.publicKey));
  const digest = Buffer.from(await crypto.subtle.digest('SHA-256', spki)).toString('base64');
  expect(pin(own)).toBe(`sha256/${digest}`);
});

test('what speaks no TLS, and what is not there, is said as such', async () => {
  const plain = await listen(
    createServer((socket) => {
      socket.on('error', () => undefined);
      socket.on('data', () => socket.end('HTTP/1.1 400 Bad Request'));
    }),
  );
  expect(await dial(plain, bySystem)).toEqual(['edge.camera_protocol', undefined]);
  const gone = server!;
  await new Promise((resolve) => gone.close(resolve));
  server = undefined;
  expect(await dial(plain, bySystem)).toEqual(['edge.camera_refused', undefined]);
});

test('nothing is said to a camera that is refused', async () => {
  const port = await camera(own);
  await dial(port, bySystem);
  expect(heard).toEqual([]);
});
