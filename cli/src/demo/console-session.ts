import type { ErrorCode } from '@watchpost/contracts/errors';
import { errorRegistry, WatchpostError } from '@watchpost/contracts/errors';
import { demoSetUpPolicy } from '../policy.ts';
import type { DemoPerson } from '../start/demo-people.ts';

/** Somebody who is logged in to the console of the demo, as a browser is. */
export class ConsoleSession {
  readonly #api: string;
  readonly #cookie: string;

  private constructor(api: string, cookie: string) {
    this.#api = api;
    this.#cookie = cookie;
  }

  /** @throws WatchpostError what the API answered; TypeError where nobody answers */
  static async logIn(api: string, { name, password }: DemoPerson): Promise<ConsoleSession> {
    const answer = await fetch(`${api}/session`, request('POST', { user: name, password }));
    await parsed(answer);
    return new ConsoleSession(api, (answer.headers.getSetCookie()[0] ?? '').split(';')[0] ?? '');
  }

  get(path: string): Promise<unknown> {
    return this.#ask(path, request('GET'));
  }

  /** A body of bytes is a JPEG. */
  post(path: string, body: object | Uint8Array): Promise<unknown> {
    return this.#ask(path, request('POST', body));
  }

  async logOut(): Promise<void> {
    await this.#ask('/session', request('DELETE'));
  }

  async #ask(path: string, asked: RequestInit): Promise<unknown> {
    const headers = { ...asked.headers, cookie: this.#cookie };
    return parsed(await fetch(`${this.#api}${path}`, { ...asked, headers }));
  }
}

function request(method: string, body?: object | Uint8Array): RequestInit {
  const signal = AbortSignal.timeout(demoSetUpPolicy.answerMs);
  if (body === undefined) return { method, signal };
  const isPhoto = body instanceof Uint8Array;
  return {
    ...{ method, signal },
    headers: { 'content-type': isPhoto ? 'image/jpeg' : 'application/json' },
    body: isPhoto ? Buffer.from(body) : JSON.stringify(body),
  };
}

/** @throws WatchpostError with the code of the answer */
async function parsed(answer: Response): Promise<unknown> {
  const text = await answer.text();
  const value: unknown = text === '' ? undefined : JSON.parse(text);
  if (answer.ok) return value;
  const { code = 'api.internal', path } = (value ?? {}) as { readonly code?: string; readonly path?: string };
  const known = code in errorRegistry ? (code as ErrorCode) : 'api.internal';
  throw new WatchpostError(known, path === undefined ? {} : { path });
}
