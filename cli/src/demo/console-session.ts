import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { text } from 'node:stream/consumers';
import type { ErrorCode } from '@watchpost/contracts/errors';
import { errorRegistry, WatchpostError } from '@watchpost/contracts/errors';
import { demoSetUpPolicy } from '../policy.ts';
import type { DemoPerson } from '../start/demo-people.ts';

/** Somebody who is logged in to the console of the demo, as a browser is. */
export class ConsoleSession {
  readonly #api: string;
  readonly #signal: AbortSignal;
  #cookie = '';

  private constructor(api: string, signal: AbortSignal) {
    this.#api = api;
    this.#signal = signal;
  }

  /**
   * @param signal aborted when the demo ends
   * @throws WatchpostError what the API answered; Error where nobody answers
   */
  static async logIn(
    api: string,
    { name, password }: DemoPerson,
    signal: AbortSignal,
  ): Promise<ConsoleSession> {
    const session = new ConsoleSession(api, signal);
    const { headers } = await session.#ask('POST', '/session', { user: name, password });
    session.#cookie = (headers['set-cookie']?.[0] ?? '').split(';')[0] ?? '';
    return session;
  }

  async get(path: string): Promise<unknown> {
    return (await this.#ask('GET', path)).value;
  }

  /** A body of bytes is a JPEG. */
  async post(path: string, body: object | Uint8Array): Promise<unknown> {
    return (await this.#ask('POST', path, body)).value;
  }

  async logOut(): Promise<void> {
    await this.#ask('DELETE', '/session');
  }

  // Not `fetch`, which this process would load for nothing else.
  async #ask(method: string, path: string, body?: object | Uint8Array): Promise<Answer> {
    const isPhoto = body instanceof Uint8Array;
    const asked = request(`${this.#api}${path}`, {
      method,
      signal: AbortSignal.any([this.#signal, AbortSignal.timeout(demoSetUpPolicy.answerMs)]),
      headers: {
        cookie: this.#cookie,
        ...(body ? { 'content-type': isPhoto ? 'image/jpeg' : 'application/json' } : {}),
      },
    });
    asked.end(isPhoto ? body : body && JSON.stringify(body));
    const [answer] = (await once(asked, 'response')) as [IncomingMessage];
    return parsed(answer, await text(answer));
  }
}

interface Answer {
  readonly headers: IncomingMessage['headers'];
  readonly value: unknown;
}

/** @throws WatchpostError with the code of the answer */
function parsed({ statusCode = 0, headers }: IncomingMessage, body: string): Answer {
  const value: unknown = body === '' ? undefined : JSON.parse(body);
  if (statusCode >= 200 && statusCode < 300) return { headers, value };
  const { code = 'api.internal', path } = (value ?? {}) as { readonly code?: string; readonly path?: string };
  const known = code in errorRegistry ? (code as ErrorCode) : 'api.internal';
  throw new WatchpostError(known, path === undefined ? {} : { path });
}
