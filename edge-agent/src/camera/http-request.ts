import { type IncomingMessage, type RequestOptions, request as requestPlain } from 'node:http';
import { request as requestSecure } from 'node:https';
import { readCameraAddress } from '@watchpost/contracts/site/camera-address';
import { authorizationFor, type HttpUser } from './http-authorization.ts';
import { cameraPolicy } from './policy.ts';
import { connectionFailure } from './reach-host.ts';
import { SourceFailure, statusFailure } from './source-failure.ts';
import type { CertificateCheck } from './tls/certificate-check.ts';
import { dialTls } from './tls/dial-tls.ts';

/** A camera over HTTP. */
export interface HttpCamera {
  /** Without user and password. */
  readonly url: string;
  readonly user: HttpUser | undefined;
  /** Of `https`. */
  readonly certificate: CertificateCheck;
}

/**
 * Asks a camera for something over HTTP; a refused log-in is tried once. Redirects are not followed: the
 * password belongs to this address.
 * @returns the answer with its body unread @throws SourceFailure with the code that says what is wrong
 */
export async function requestCamera(camera: HttpCamera): Promise<IncomingMessage> {
  const { url, user } = camera;
  const first = await ask(camera, undefined);
  if (first.statusCode !== 401 || !user) return accepted(first);
  const challenges = first.headers['www-authenticate'] ?? '';
  first.destroy();
  const { pathname, search } = new URL(url);
  const authorization = authorizationFor(challenges, 'GET', pathname + search, user);
  if (authorization === undefined) throw new SourceFailure('edge.camera_password');
  return accepted(await ask(camera, authorization));
}

function accepted(answer: IncomingMessage): IncomingMessage {
  const { statusCode = 0 } = answer;
  if (statusCode === 200) return answer;
  answer.destroy();
  throw new SourceFailure(statusFailure(statusCode));
}

async function ask(
  { url, certificate }: HttpCamera,
  authorization: string | undefined,
): Promise<IncomingMessage> {
  const request = url.startsWith('https:') ? requestSecure : requestPlain;
  const connection = await connectionOf(url, certificate);
  return new Promise((resolve, reject) => {
    const asked = request(url, {
      headers: {
        Accept: 'multipart/x-mixed-replace, image/jpeg, */*',
        ...(authorization === undefined ? {} : { Authorization: authorization }),
      },
      ...connection,
      // Cameras break the grammar of headers in harmless ways.
      insecureHTTPParser: true,
    });
    const timer = setTimeout(() => {
      reject(new SourceFailure('edge.camera_silent'));
      asked.destroy();
    }, cameraPolicy.answerMs);
    asked.once('response', (answer) => {
      clearTimeout(timer);
      answer.on('error', () => undefined);
      resolve(answer);
    });
    asked.once('error', (error: NodeJS.ErrnoException) => {
      clearTimeout(timer);
      const garbled = error.code?.startsWith('HPE_') || error.code === 'ECONNRESET';
      reject(new SourceFailure(garbled ? 'edge.camera_protocol' : connectionFailure(error)));
    });
    asked.end();
  });
}

/** One of its own for each request; over TLS one on which the camera has proved itself. */
async function connectionOf(url: string, check: CertificateCheck): Promise<RequestOptions> {
  if (!url.startsWith('https:')) return { agent: false };
  const address = readCameraAddress(url);
  if (address.kind === 'file' || address.kind === 'refused') throw new Error('not an address');
  const socket = await dialTls({ host: address.host, port: address.port, check });
  return { createConnection: () => socket };
}
