import type { Problem } from '@watchpost/contracts/api';

/** An answer that is not 2xx, or none at all (`console.network`). */
export class ApiProblem extends Error {
  readonly code: string;
  readonly status: number;
  /** What the code is about, as the API says it: a number, a name, what was expected. */
  readonly details: Readonly<Record<string, unknown>>;
  readonly requestId: string | undefined;

  constructor(
    code: string,
    message: string,
    status: number,
    rest: {
      readonly requestId?: string | undefined;
      readonly details?: Readonly<Record<string, unknown>>;
    } = {},
  ) {
    super(message);
    this.name = 'ApiProblem';
    this.code = code;
    this.status = status;
    this.requestId = rest.requestId;
    this.details = rest.details ?? {};
  }
}

/**
 * Asks the API something: `path` below `/api/v1`; a body goes as JSON, a `Blob` as it is. The answer is what
 * the contracts say of the route; nothing where it has no body.
 * @throws ApiProblem
 */
export type Ask = <T>(
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
  path: string,
  body?: unknown,
) => Promise<T>;

const answerWithinMs = 15_000;
/** A photo of 20 MB over the line of a phone. */
const uploadedWithinMs = 180_000;

async function problemOf(response: Response): Promise<ApiProblem> {
  const body: Partial<Problem> = await response.json().catch(() => ({}));
  const { code = 'console.answer', message = response.statusText, requestId, details } = body;
  return new ApiProblem(code, message, response.status, { requestId, ...(details ? { details } : {}) });
}

/** What is posted is JSON, also where nothing is said: without a type it could be another web site’s. */
function sent(method: string, body: unknown): Pick<RequestInit, 'body' | 'headers'> {
  if (body === undefined && (method === 'GET' || method === 'DELETE')) return {};
  if (body instanceof Blob) return { body, headers: { 'content-type': body.type } };
  return { body: JSON.stringify(body ?? {}), headers: { 'content-type': 'application/json' } };
}

/** The API over fetch, same origin, with the session cookie. */
export function httpAsk(base = '/api/v1'): Ask {
  return async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    const response = await fetch(base + path, {
      method,
      credentials: 'same-origin',
      cache: 'no-store',
      // Who logs out and leaves the page is logged out.
      keepalive: method === 'DELETE',
      signal: AbortSignal.timeout(body instanceof Blob ? uploadedWithinMs : answerWithinMs),
      ...sent(method, body),
    }).catch((cause: unknown) => {
      throw new ApiProblem('console.network', String(cause), 0);
    });
    if (!response.ok) throw await problemOf(response);
    if (response.status === 204) return undefined as T;
    return (await response.json().catch(() => {
      throw new ApiProblem('console.answer', 'not JSON', response.status);
    })) as T;
  };
}
