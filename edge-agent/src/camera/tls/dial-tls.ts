import { isIP } from 'node:net';
import { connect, getCACertificates, type TLSSocket } from 'node:tls';
import { cameraPolicy } from '../policy.ts';
import { connectionFailure } from '../reach-host.ts';
import { SourceFailure } from '../source-failure.ts';
import { type CertificateCheck, judgeCertificate, pinOf } from './certificate-check.ts';

/** Where a camera is, and how it has to prove itself. */
export interface TlsTarget {
  readonly host: string;
  readonly port: number;
  readonly check: CertificateCheck;
}

/**
 * A connection to a camera that has proved itself: nothing was sent on it yet, so a password never reaches
 * anybody else.
 * @throws SourceFailure `edge.camera_certificate_…` with the pin of what was shown, or the code that says why
 *   there is no connection
 */
export function dialTls({ host, port, check }: TlsTarget): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const socket = connect({
      ...{ host, port, ALPNProtocols: [] },
      // Names only (RFC 6066 §3).
      ...(isIP(host) === 0 ? { servername: host } : {}),
      ...(check.by === 'authorities' ? { ca: authorities(check.authority) } : {}),
      // Judged below: what was shown has to be told, and a pin asks for something else.
      rejectUnauthorized: false,
    });
    const fail = (failure: SourceFailure) => {
      clearTimeout(timer);
      socket.destroy();
      reject(failure);
    };
    const timer = setTimeout(() => fail(new SourceFailure('edge.camera_silent')), cameraPolicy.answerMs);
    socket.on('error', (error: NodeJS.ErrnoException) => fail(failureOf(error)));
    socket.once('secureConnect', () => {
      const certificate = socket.getPeerX509Certificate();
      const pin = certificate && pinOf(certificate);
      const code = judgeCertificate(check, { pin, problem: problemOf(socket) });
      if (code) return fail(new SourceFailure(code, pin));
      clearTimeout(timer);
      resolve(socket);
    });
  });
}

/** Those of the system, where a site may have put its own, and those that come with Node. */
function authorities(own: string | undefined): string[] {
  const known = new Set([...getCACertificates('system'), ...getCACertificates('default')]);
  return own === undefined ? [...known] : [...known, own];
}

/** Node keeps a code here; its types say an error. */
function problemOf({ authorized, authorizationError }: TLSSocket): string | undefined {
  if (authorized) return undefined;
  const problem: unknown = authorizationError;
  return typeof problem === 'string'
    ? problem
    : ((problem as NodeJS.ErrnoException | null)?.code ?? 'unknown');
}

function failureOf(error: NodeJS.ErrnoException): SourceFailure {
  const garbled =
    error.code === 'EPROTO' || error.code === 'ECONNRESET' || error.code?.startsWith('ERR_SSL_');
  return new SourceFailure(garbled ? 'edge.camera_protocol' : connectionFailure(error));
}
