import { randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { playStream } from './play-stream.ts';
import { interleaved } from './rtp-packets.ts';
import { challengeOf, isLoggedIn } from './rtsp-log-in.ts';
import { type RtspStream, sdpOf } from './rtsp-stream.ts';

/** What a client asked for. */
export interface RtspRequest {
  readonly method: string;
  readonly stream: string;
  readonly transport: string;
  /** Whether it came with a log-in, and whether that was right. */
  readonly logIn: 'none' | 'right' | 'wrong';
}

export interface RtspServerOptions {
  readonly host?: string;
  readonly port?: number;
  /** It speaks RTSP over TLS. */
  readonly tls?: { readonly cert: string; readonly key: string };
  onPicture?(stream: string, number: number): void;
}

/**
 * A camera as a server of RTSP (RFC 2326) on loopback, with the habits of real ones. Streams can be added,
 * changed and taken away while it runs. For tests only.
 */
export class RtspServer {
  readonly streams = new Map<string, RtspStream>();
  readonly requests: RtspRequest[] = [];
  /** Streams that hold still for a while, connected: so long, what was sent does not grow. */
  readonly paused = new Set<string>();
  readonly #options: RtspServerOptions;
  readonly #sockets = new Set<Socket>();
  /** Who plays which stream. */
  readonly #players = new Map<Socket, string>();
  #server: Server | null = null;
  #port = 0;

  constructor(options: RtspServerOptions = {}) {
    this.#options = options;
    this.#port = options.port ?? 0;
  }

  /** Address of a stream. */
  url(stream: string): string {
    const { host = '127.0.0.1', tls } = this.#options;
    return `${tls ? 'rtsps' : 'rtsp'}://${host.includes(':') ? `[${host}]` : host}:${this.#port}/${stream}`;
  }

  get port(): number {
    return this.#port;
  }

  async start(): Promise<void> {
    const { tls } = this.#options;
    const take = (socket: Socket) => {
      this.#sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        this.#sockets.delete(socket);
        this.#players.delete(socket);
      });
      const options = { ...this.#options, isPaused: (stream: string) => this.paused.has(stream) };
      const played = (stream: string) => void this.#players.set(socket, stream);
      new RtspConnection(socket, this.streams, this.requests, options, played);
    };
    const server = tls ? createTlsServer(tls, take) : createServer(take);
    this.#server = server;
    await new Promise<void>((resolve) =>
      server.listen(this.#port, this.#options.host ?? '127.0.0.1', resolve),
    );
    this.#port = (server.address() as AddressInfo).port;
  }

  /** Ends the connections of those who play a stream; it can be played again at once. */
  hangUp(stream: string): void {
    for (const [socket, played] of this.#players) if (played === stream) socket.destroy();
  }

  /** Ends all connections; on the same port it can be started again. */
  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => (this.#server ? this.#server.close(resolve) : resolve(null)));
    this.#server = null;
  }
}

type ConnectionOptions = RtspServerOptions & { isPaused(stream: string): boolean };

class RtspConnection {
  readonly #socket: Socket;
  readonly #streams: ReadonlyMap<string, RtspStream>;
  readonly #requests: RtspRequest[];
  readonly #options: ConnectionOptions;
  readonly #played: (stream: string) => void;
  readonly #nonce = randomBytes(8).toString('hex');
  readonly #udp = createSocket('udp4');
  #held = Buffer.alloc(0) as Buffer;
  #channel = 0;
  #clientPort: number | null = null;
  #stopPlaying: () => void = () => undefined;

  constructor(
    socket: Socket,
    streams: ReadonlyMap<string, RtspStream>,
    requests: RtspRequest[],
    options: ConnectionOptions,
    played: (stream: string) => void,
  ) {
    this.#socket = socket;
    this.#streams = streams;
    this.#requests = requests;
    this.#options = options;
    this.#played = played;
    socket.on('data', (chunk) => this.#take(chunk));
    socket.on('close', () => {
      this.#stopPlaying();
      this.#udp.close();
    });
  }

  #take(chunk: Buffer): void {
    this.#held = Buffer.concat([this.#held, chunk]);
    for (;;) {
      // RTCP from the client comes inside the connection too.
      if (this.#held[0] === 0x24) {
        if (this.#held.length < 4) return;
        const bytes = 4 + this.#held.readUInt16BE(2);
        if (this.#held.length < bytes) return;
        this.#held = this.#held.subarray(bytes);
        continue;
      }
      const end = this.#held.indexOf('\r\n\r\n');
      if (end < 0) return;
      const head = this.#held.subarray(0, end).toString('latin1');
      this.#held = this.#held.subarray(end + 4);
      this.#answer(head.split('\r\n'));
    }
  }

  #answer([first = '', ...lines]: string[]): void {
    const [method = '', address = ''] = first.split(' ');
    const headers = new Map(
      lines.map((line) => [line.split(':', 1)[0]?.toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]),
    );
    const name = decodeURIComponent(new URL(address.replace(/^rtsp/i, 'http')).pathname.split('/')[1] ?? '');
    const stream = this.#streams.get(name);
    const given = headers.get('authorization') ?? '';
    const transport = headers.get('transport') ?? '';
    const right = stream?.auth === undefined || isLoggedIn(stream, method, given, this.#nonce);
    this.#requests.push({
      method,
      stream: name,
      transport,
      logIn: given === '' ? 'none' : right ? 'right' : 'wrong',
    });
    const say = (status: string, more: Readonly<Record<string, string>> = {}, body = '') => {
      const all = { CSeq: headers.get('cseq') ?? '0', Session: '12345678', ...more };
      const text = Object.entries({ ...all, ...(body ? { 'Content-Length': String(body.length) } : {}) });
      this.#socket.write(
        `RTSP/1.0 ${status}\r\n${text.map(([key, value]) => `${key}: ${value}\r\n`).join('')}\r\n${body}`,
      );
    };
    if (!stream) say('404 Not Found');
    else if (stream.mute === method) return;
    else if (method === 'OPTIONS') say('200 OK', { Public: 'OPTIONS, DESCRIBE, SETUP, PLAY, TEARDOWN' });
    else if (stream.status !== undefined) say(`${stream.status} Refused`);
    else if (!right) say('401 Unauthorized', { 'WWW-Authenticate': challengeOf(stream, this.#nonce) });
    else if (method === 'DESCRIBE')
      say(
        '200 OK',
        { 'Content-Type': 'application/sdp', 'Content-Base': `${address.replace(/\/$/, '')}/` },
        sdpOf(stream),
      );
    else if (method === 'SETUP') this.#setUp(stream, transport, say);
    else if (method === 'PLAY') {
      say('200 OK', { Range: 'npt=0.000-' });
      this.#play(name, stream);
    } else if (method === 'TEARDOWN') {
      say('200 OK');
      this.#socket.end();
    } else say('200 OK');
  }

  #setUp(
    stream: RtspStream,
    transport: string,
    say: (status: string, more?: Readonly<Record<string, string>>) => void,
  ): void {
    const tcp = /TCP/.test(transport);
    if ((tcp && stream.udpOnly) || (!tcp && stream.tcpOnly)) {
      say('461 Unsupported Transport');
      return;
    }
    this.#channel = Number(/interleaved=(\d+)/.exec(transport)?.[1] ?? 0);
    const port = Number(/client_port=(\d+)/.exec(transport)?.[1] ?? 0);
    this.#clientPort = tcp ? null : port;
    if (tcp) {
      say('200 OK', {
        Transport: `RTP/AVP/TCP;unicast;interleaved=${this.#channel}-${this.#channel + 1}`,
      });
      return;
    }
    this.#udp.bind(0, '127.0.0.1', () => {
      const own = this.#udp.address().port;
      say('200 OK', {
        Transport: `RTP/AVP;unicast;client_port=${port}-${port + 1};server_port=${own}-${own + 1}`,
      });
    });
  }

  #play(name: string, stream: RtspStream): void {
    if (stream.audioOnly || stream.strangeCodec) return;
    this.#played(name);
    this.#stopPlaying = playStream(stream, {
      send: (header, payload) => {
        if (this.#socket.destroyed) return;
        if (this.#clientPort === null) this.#socket.write(interleaved(this.#channel, header, payload));
        else this.#udp.send(Buffer.concat([header, payload]), this.#clientPort, '127.0.0.1');
      },
      hangUp: () => this.#socket.destroy(),
      onPicture: (number) => this.#options.onPicture?.(name, number),
      isPaused: () => this.#options.isPaused(name),
    });
  }
}
