import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';

/** Habits of cameras that send JPEGs over HTTP. */
export const mjpegHabits = [
  'ok',
  'boundary-with-dashes',
  'boundary-without-dashes',
  'no-first-boundary',
  'no-length',
  'bare-line-feeds',
  'wrong-length',
  'no-boundary-in-header',
  'bare-jpegs',
  'quoted-boundary',
  'snapshot',
  'basic',
  'slow',
] as const;
export type MjpegHabit = (typeof mjpegHabits)[number];

/**
 * A camera that sends JPEGs over HTTP, written by hand because no HTTP library would break the rules like
 * this. For tests only.
 */
export class MjpegServer {
  /** Requests that reached it. */
  requests = 0;
  readonly #pictures: readonly Buffer[];
  readonly #tls: { readonly cert: string; readonly key: string } | undefined;
  readonly #sockets = new Set<Socket>();
  #server: Server | null = null;
  #sent = 0;

  constructor(pictures: readonly Buffer[], tls?: { readonly cert: string; readonly key: string }) {
    this.#pictures = pictures;
    this.#tls = tls;
  }

  url(habit: MjpegHabit): string {
    const address = this.#server?.address() as AddressInfo | undefined;
    return `${this.#tls ? 'https' : 'http'}://127.0.0.1:${address?.port}/${habit}`;
  }

  async start(): Promise<void> {
    const take = (socket: Socket) => {
      this.#sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => this.#sockets.delete(socket));
      let asked = '';
      socket.on('data', (chunk) => {
        asked += chunk.toString('latin1');
        if (!asked.includes('\r\n\r\n')) return;
        this.requests += 1;
        const habit = /^GET \/([a-z-]*)/.exec(asked)?.[1] as MjpegHabit;
        this.#serve(socket, habit, asked);
        asked = '';
      });
    };
    const server = this.#tls ? createTlsServer(this.#tls, take) : createServer(take);
    this.#server = server;
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server?.close(resolve));
  }

  #next(): Buffer {
    return this.#pictures[this.#sent++ % this.#pictures.length] ?? Buffer.alloc(0);
  }

  #serve(socket: Socket, habit: MjpegHabit, asked: string): void {
    const right = Buffer.from('admin:p#a@s%s').toString('base64');
    if (habit === 'basic' && !asked.includes(`Authorization: Basic ${right}`)) {
      socket.end(
        'HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic realm="x"\r\nContent-Length: 0\r\n\r\n',
      );
      return;
    }
    if (habit === 'snapshot') {
      const picture = this.#next();
      const head = `HTTP/1.1 200 OK\r\nContent-Type: image/jpeg\r\nContent-Length: ${picture.length}\r\n\r\n`;
      socket.end(Buffer.concat([Buffer.from(head), picture]));
      return;
    }
    socket.write(`HTTP/1.1 200 OK\r\nContent-Type: ${contentType(habit)}\r\nConnection: close\r\n\r\n`);
    const send = () => socket.write(part(habit, this.#next()));
    const timer = setInterval(send, habit === 'slow' ? 1500 : 80);
    socket.on('close', () => clearInterval(timer));
    send();
  }
}

function contentType(habit: MjpegHabit): string {
  if (habit === 'bare-jpegs') return 'application/octet-stream';
  if (habit === 'no-boundary-in-header') return 'multipart/x-mixed-replace';
  const boundary = { 'boundary-with-dashes': '--frame', 'quoted-boundary': '"frame"' }[habit as string];
  return `multipart/x-mixed-replace; boundary=${boundary ?? 'frame'}`;
}

function part(habit: MjpegHabit, picture: Buffer): Buffer {
  if (habit === 'bare-jpegs') return picture;
  const eol = habit === 'bare-line-feeds' ? '\n' : '\r\n';
  const boundary = habit === 'boundary-without-dashes' ? 'frame' : '--frame';
  const length = picture.length + (habit === 'wrong-length' ? 7 : 0);
  const lengthLine = habit === 'no-length' ? '' : `Content-Length: ${length}${eol}`;
  const head = `Content-Type: image/jpeg${eol}${lengthLine}${eol}`;
  return habit === 'no-first-boundary'
    ? Buffer.concat([Buffer.from(head), picture, Buffer.from(`${eol}${boundary}${eol}`)])
    : Buffer.concat([Buffer.from(`${boundary}${eol}${head}`), picture, Buffer.from(eol)]);
}
