import { createHmac } from 'node:crypto';
import { request } from 'node:http';

export interface HookCall {
  readonly key: string;
  /** Milliseconds since the Unix epoch; default now. */
  readonly time?: number | string;
  readonly method?: string;
  readonly path?: string;
  /** Replace the right ones, or leave them out. */
  readonly headers?: Readonly<Record<string, string | undefined>>;
}

/**
 * Calls a gateway as a device does, with an HMAC made as the guide says, in a connection of its own. For
 * tests only. @returns the status and the body of the answer
 */
export function callHook(
  port: number,
  device: string,
  message: unknown,
  { key, time = Date.now(), method = 'POST', path = `/hook/${device}`, headers = {} }: HookCall,
): Promise<{ readonly status: number; readonly code: unknown }> {
  const body = typeof message === 'string' ? message : JSON.stringify(message);
  const signature = createHmac('sha256', key).update(`${time}.${body}`).digest('hex');
  const all = { 'watchpost-time': String(time), 'watchpost-signature': `sha256=${signature}`, ...headers };
  return new Promise((resolve, reject) => {
    const call = request(
      {
        ...{ host: '127.0.0.1', port, method, path, agent: false },
        headers: Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined)),
      },
      (answer) => {
        let text = '';
        answer.setEncoding('utf8');
        answer.on('data', (chunk: string) => {
          text += chunk;
        });
        answer.on('end', () =>
          resolve({ status: answer.statusCode ?? 0, code: text === '' ? null : JSON.parse(text).code }),
        );
      },
    );
    call.on('error', reject);
    call.end(body);
  });
}
