import { type IncomingMessage, request as requestPlain } from 'node:http';
import { request as requestSecure } from 'node:https';
import { authorizationFor, type HttpUser } from './http-authorization.ts';
import { cameraPolicy } from './policy.ts';
import { connectionFailure } from './reach-host.ts';
import { SourceFailure, statusFailure } from './source-failure.ts';

/**
 * Asks a camera for something over HTTP; a refused log-in is tried once. Redirects are not followed: the
 * password belongs to this address.
 * @returns the answer with its body unread @throws SourceFailure with the code that says what is wrong
 */
export async function requestCamera(url: string, user: HttpUser | undefined): Promise<IncomingMessage> {
  const first = await ask(url, undefined);
  if (first.statusCode !== 401 || !user) return accepted(first);
  const challenges = first.headers['www-authenticate'] ?? '';
  first.destroy();
  const { pathname, search } = new URL(url);
  const authorization = authorizationFor(challenges, 'GET', pathname + search, user);
  if (authorization === undefined) throw new SourceFailure('edge.camera_password');
  return accepted(await ask(url, authorization));
}

function accepted(answer: IncomingMessage): IncomingMessage {
  const { statusCode = 0 } = answer;
  if (statusCode === 200) return answer;
  answer.destroy();
  throw new SourceFailure(statusFailure(statusCode));
}

function ask(url: string, authorization: string | undefined): Promise<IncomingMessage> {
  const secure = url.startsWith('https:');
  return new Promise((resolve, reject) => {
    const request = (secure ? requestSecure : requestPlain)(url, {
      headers: {
        Accept: 'multipart/x-mixed-replace, image/jpeg, */*',
        ...(authorization === undefined ? {} : { Authorization: authorization }),
      },
      agent: false,
      // Cameras break the grammar of headers in harmless ways.
      insecureHTTPParser: true,
      // A camera’s certificate is its own; who it is, its address and password say.
      ...(secure ? { rejectUnauthorized: false } : {}),
    });
    const timer = setTimeout(() => {
      reject(new SourceFailure('edge.camera_silent'));
      request.destroy();
    }, cameraPolicy.answerMs);
    request.once('response', (answer) => {
      clearTimeout(timer);
      answer.on('error', () => undefined);
      resolve(answer);
    });
    request.once('error', (error: NodeJS.ErrnoException) => {
      clearTimeout(timer);
      const garbled = error.code?.startsWith('HPE_') || error.code === 'ECONNRESET';
      reject(new SourceFailure(garbled ? 'edge.camera_protocol' : connectionFailure(error)));
    });
    request.end();
  });
}
