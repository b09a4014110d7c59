import type { ServerResponse } from 'node:http';
import type { LiveFeed, LiveMessage } from '../../live/live-feed.ts';
import type { Api } from '../api.ts';
import { apiVersion } from '../api-version.ts';
import type { Sessions } from '../sessions.ts';

export interface StreamOptions {
  readonly feed: LiveFeed;
  readonly sessions: Pick<Sessions, 'find'>;
  /** Between two comments that keep the connection open; the session is checked then too. */
  readonly heartbeatMs?: number;
}

/** A reader that leaves this many bytes unread is dropped; it comes back and loads what it missed. */
const unreadBytesAtMost = 1024 * 1024;

const encode = ({ name, payload }: LiveMessage): string =>
  `event: ${name}\ndata: ${JSON.stringify(payload)}\n\n`;

/** One open stream. Owns its heartbeat and its place in the feed; both end with the connection. */
class EventStream {
  readonly #response: ServerResponse;

  constructor(response: ServerResponse) {
    this.#response = response;
  }

  send(text: string): void {
    if (this.#response.destroyed) return;
    this.#response.write(text);
    if (this.#response.writableLength > unreadBytesAtMost) this.#response.destroy();
  }

  end(): void {
    this.#response.end();
  }
}

/** The event stream (server-sent events). */
export function streamRoute(app: Api, { feed, sessions, heartbeatMs = 15_000 }: StreamOptions): void {
  const open = new Set<EventStream>();
  // Open streams would hold the server's close back.
  app.addHook('preClose', async () => {
    for (const stream of open) stream.end();
  });
  app.get(
    '/api/v1/stream',
    { config: { access: 'alerts.read' }, schema: { tags: ['stream'], description: 'Server-sent events' } },
    (request, reply) => {
      const token = request.sessionToken;
      reply.hijack();
      const response = reply.raw;
      response.writeHead(200, {
        'content-type': 'text/event-stream; charset=utf-8',
        'cache-control': 'no-store',
        'x-content-type-options': 'nosniff',
        'x-accel-buffering': 'no',
      });
      const stream = new EventStream(response);
      open.add(stream);
      const unsubscribe = feed.subscribe((message) => stream.send(encode(message)));
      const heartbeat = setInterval(() => {
        stream.send(': still here\n\n');
        // Logged out or expired meanwhile.
        const check = token === null ? Promise.resolve(undefined) : sessions.find(token);
        void check.then(
          (session) => session ?? stream.end(),
          () => undefined,
        );
      }, heartbeatMs);
      const leave = () => {
        clearInterval(heartbeat);
        unsubscribe();
        open.delete(stream);
      };
      response.on('close', leave);
      response.on('error', () => response.destroy());
      // Gone while its session was looked up: its `close` was before we listened.
      if (response.destroyed) leave();
      stream.send(encode({ name: 'hello', payload: { version: apiVersion } }));
    },
  );
}
