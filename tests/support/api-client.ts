import {
  type AlertPage,
  alertPageSchema,
  type Health,
  healthSchema,
  type RejectList,
  rejectListSchema,
} from '@watchpost/contracts/api';
import type { Ready } from './watchpost-process.ts';

/** A logged-in user of the HTTP API. */
export class ApiClient {
  readonly #api: string;
  readonly #cookie: string;

  private constructor(api: string, cookie: string) {
    this.#api = api;
    this.#cookie = cookie;
  }

  static async logIn({ api, user, password }: Ready): Promise<ApiClient> {
    const answer = await fetch(`${api}/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ user, password }),
    });
    if (!answer.ok) throw new Error(`log-in answered ${answer.status}: ${await answer.text()}`);
    return new ApiClient(api, (answer.headers.getSetCookie()[0] ?? '').split(';')[0] ?? '');
  }

  get(path: string, signal?: AbortSignal): Promise<Response> {
    return fetch(`${this.#api}${path}`, { headers: { cookie: this.#cookie }, ...(signal ? { signal } : {}) });
  }

  post(path: string, body: object): Promise<Response> {
    return fetch(`${this.#api}${path}`, {
      method: 'POST',
      headers: { cookie: this.#cookie, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  }

  async alerts(query = ''): Promise<AlertPage> {
    return alertPageSchema.parse(await (await this.get(`/alerts${query}`)).json());
  }

  async rejects(): Promise<RejectList> {
    return rejectListSchema.parse(await (await this.get('/rejects')).json());
  }
}

export async function health({ console: page }: Pick<Ready, 'console'>): Promise<Health> {
  return healthSchema.parse(await (await fetch(new URL('/healthz', page))).json());
}
