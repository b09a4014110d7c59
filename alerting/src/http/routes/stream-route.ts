import type { ServerResponse } from 'node:http';
import { type AlertCounts, type GatewayStatus, streamQuerySchema } from '@watchpost/contracts/api';
import type { LiveFeed, LiveMessage } from '../../live/live-feed.ts';
import { streamPolicy } from '../../live/policy.ts';
import type { ZonesBySite } from '../../store/alert-queue.ts';
import { sitesOf, watchEndOf, zonesOf } from '../access.ts';
import type { Api } from '../api.ts';
import { apiVersion } from '../api-version.ts';

/** What {@link streamRoute} needs. */
export interface StreamOptions {
  readonly feed: LiveFeed;
  /** The counts of alerts that a reader begins with. */
  readonly counts: (sites: readonly string[], within?: ZonesBySite) => Promise<AlertCounts>;
  /** What a reader that goes on is told of gateways. */
  readonly gateways: (sites: readonly string[]) => readonly GatewayStatus[];
  /** A gateway as it looks from some zones of its site; undefined where there is nothing of it. */
  readonly gatewayIn: (status: GatewayStatus, zones: readonly string[]) => GatewayStatus | undefined;
  readonly nowMs: () => number;
  readonly heartbeatMs?: number;
}

/** What goes out: of the feed, or of the stream itself. */
type Told = Pick<LiveMessage, 'name' | 'payload'>;

/** Who reads a stream, and which zones exist for them. */
interface Reader {
  readonly within: ZonesBySite;
  readonly account: string | undefined;
}

/** Each message is written out once, however many read it. */
const written = new WeakMap<Told, string>();

function encode(message: Told, position?: string): string {
  let text = written.get(message);
  if (text === undefined) {
    text = `event: ${message.name}\ndata: ${JSON.stringify(message.payload)}\n\n`;
    written.set(message, text);
  }
  return position === undefined ? text : `id: ${position}\n${text}`;
}

/** One open stream; nothing is written once the connection is gone. */
class EventStream {
  readonly #response: ServerResponse;

  constructor(response: ServerResponse) {
    this.#response = response;
  }

  send(text: string): void {
    if (this.#response.destroyed) return;
    this.#response.write(text);
    // Who does not read is dropped; it comes back and is told what it missed.
    if (this.#response.writableLength > streamPolicy.unreadBytesAtMost) this.#response.destroy();
  }

  end(): void {
    this.#response.end();
  }
}

const headers = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'x-accel-buffering': 'no',
};

/** The event stream (server-sent events): see {@link streamQuerySchema} for how a reader comes back. */
export function streamRoute(app: Api, options: StreamOptions): void {
  const { feed, counts, gateways, nowMs } = options;
  const { heartbeatMs = streamPolicy.heartbeatMs } = options;
  const open = new Set<EventStream>();
  const time = () => new Date(nowMs()).toISOString();
  // Open streams would hold the server's close back.
  app.addHook('preClose', async () => {
    for (const stream of open) stream.end();
  });

  const tellCounts = (stream: EventStream, sites: readonly string[], within: ZonesBySite) =>
    void counts(sites, within).then(
      (payload) => stream.send(encode({ name: 'counts', payload })),
      () => undefined,
    );

  /** What a reader is told of a message; undefined: nothing. */
  const narrow = (message: LiveMessage, { within, account }: Reader): Told | undefined => {
    if (message.account !== undefined && message.account !== account) return undefined;
    const zones = within[message.site];
    if (!zones) return message;
    if (message.name === 'alert') return zones.includes(message.payload.zone) ? message : undefined;
    if (message.name !== 'gateway') return message;
    const payload = options.gatewayIn(message.payload, zones);
    return payload && { name: 'gateway', payload };
  };

  /** Says hello, then what was missed, then everything that happens on these sites. Returns what ends it. */
  function follow(
    stream: EventStream,
    sites: ReturnType<typeof sitesOf>,
    who: Reader,
    after: string | undefined,
  ): () => void {
    const { within } = who;
    const reader = (message: LiveMessage, position: string) => {
      // Who follows several sites is told the counts of all of them together.
      if (message.name === 'counts' && (sites.length > 1 || within[message.site]))
        return tellCounts(stream, sites, within);
      const seen = narrow(message, who);
      if (seen) stream.send(encode(seen, position));
    };
    const { missed, position, unsubscribe } = feed.subscribe(reader, new Set(sites), after);
    const hello = { version: apiVersion, time: time(), resumed: missed !== undefined };
    stream.send(encode({ name: 'hello', payload: hello }, missed ? undefined : position));
    for (const message of missed ?? []) {
      const seen = narrow(message, who);
      if (seen) stream.send(encode(seen));
    }
    // What is told anew instead of being kept, and the position of the last missed one.
    if (missed) {
      for (const payload of gateways(sites)) {
        const seen = narrow({ name: 'gateway', site: payload.site, payload }, who);
        if (seen) stream.send(encode(seen));
      }
      for (const [index, site] of sites.entries())
        stream.send(
          encode({ name: 'heat', payload: { site } }, index === sites.length - 1 ? position : undefined),
        );
    }
    tellCounts(stream, sites, within);
    return unsubscribe;
  }

  // The headers alone; without this the stream’s own handler would answer HEAD, and never end.
  app.head(
    '/api/v1/stream',
    { config: { access: 'alerts.read', sites: 'each', zones: 'narrowed' }, schema: { hide: true } },
    async (_request, reply) => reply.headers(headers).send(),
  );
  app.get(
    '/api/v1/stream',
    {
      config: { access: 'alerts.read', sites: 'each', zones: 'narrowed' },
      exposeHeadRoute: false,
      schema: { tags: ['stream'], description: 'Server-sent events', querystring: streamQuerySchema },
    },
    (request, reply) => {
      const watchEnd = watchEndOf(request);
      const sites = sitesOf(request);
      const lastSeen = request.headers['last-event-id'];
      reply.hijack();
      const response = reply.raw;
      response.writeHead(200, headers);
      const stream = new EventStream(response);
      open.add(stream);
      const unsubscribe = follow(
        stream,
        sites,
        { within: zonesOf(request), account: request.session?.account },
        typeof lastSeen === 'string' ? lastSeen : request.query.after,
      );
      const heartbeat = setInterval(() => {
        stream.send(encode({ name: 'heartbeat', payload: { time: time() } }));
      }, heartbeatMs);
      const unwatch = watchEnd(() => stream.end());
      const leave = () => {
        clearInterval(heartbeat);
        unwatch();
        unsubscribe();
        open.delete(stream);
      };
      response.on('close', leave);
      response.on('error', () => response.destroy());
      // Gone while its session was looked up: its `close` was before we listened.
      if (response.destroyed) leave();
    },
  );
}
