import { Agent, type IncomingHttpHeaders, request } from 'node:http';

export interface Call {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: object | string;
  /** The address to call from, e.g. `127.0.0.7`: loopback has sixteen million. */
  readonly from?: string;
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  /** From the call to the whole answer. */
  readonly tookMs: number;
}

/**
 * One HTTP request on a connection of its own, with whatever headers and from whatever address of this
 * computer.
 */
export function call(url: string, { method = 'GET', headers = {}, body, from }: Call = {}): Promise<Answer> {
  const payload = typeof body === 'object' ? JSON.stringify(body) : body;
  const type = typeof body === 'object' ? { 'content-type': 'application/json' } : {};
  const startedMs = performance.now();
  return new Promise((resolve, reject) => {
    const agent = new Agent({ keepAlive: false });
    const localAddress = from === undefined ? {} : { localAddress: from };
    const sent = request(
      url,
      { method, headers: { ...type, ...headers }, agent, ...localAddress },
      (response) => {
        const parts: Buffer[] = [];
        response.on('data', (part: Buffer) => parts.push(part));
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            text: Buffer.concat(parts).toString(),
            tookMs: performance.now() - startedMs,
          }),
        );
        response.on('error', reject);
      },
    );
    sent.on('error', reject);
    sent.end(payload);
  });
}

/** The code of the problem in an answer; empty when it holds none. */
export function codeOf({ text }: Pick<Answer, 'text'>): string {
  try {
    return String((JSON.parse(text) as { code?: unknown }).code ?? '');
  } catch {
    return '';
  }
}

/** The `cookie` header that a browser would send after this answer. */
export const cookiesOf = ({ headers }: Pick<Answer, 'headers'>): string =>
  (headers['set-cookie'] ?? []).map((cookie) => cookie.split(';')[0] ?? '').join('; ');
