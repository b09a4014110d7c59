import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';

/** A mail as it arrived. */
export interface ReceivedMail {
  readonly from: string;
  readonly to: readonly string[];
  readonly isEncrypted: boolean;
  /** Header fields by their name in small letters, decoded. */
  readonly headers: ReadonlyMap<string, string>;
  readonly text: string;
}

const quoted = (text: string): Buffer =>
  Buffer.from(
    text
      .replace(/=\r\n/g, '')
      .replace(/=([0-9A-F]{2})/g, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16))),
    'latin1',
  );

const encodedWords = (text: string): string =>
  text
    .replace(/\?=\s+=\?/g, '?==?')
    .replace(/=\?UTF-8\?([QB])\?([^?]*)\?=/gi, (_, how: string, word: string) =>
      (how.toUpperCase() === 'B' ? Buffer.from(word, 'base64') : quoted(word.replaceAll('_', ' '))).toString(
        'latin1',
      ),
    );

function parseMail(raw: string): Pick<ReceivedMail, 'headers' | 'text'> {
  const [head = '', ...rest] = raw.split('\r\n\r\n');
  const lines = head.replace(/\r\n[ \t]+/g, ' ').split('\r\n');
  const headers = new Map(
    lines.map((line) => {
      const value = Buffer.from(encodedWords(line.slice(line.indexOf(':') + 1)), 'latin1').toString('utf8');
      return [line.slice(0, line.indexOf(':')).toLowerCase(), value.trim()];
    }),
  );
  const body = rest.join('\r\n\r\n');
  const encoding = headers.get('content-transfer-encoding');
  const decoded = encoding === 'base64' ? Buffer.from(body, 'base64') : quoted(body);
  return { headers, text: (encoding === '7bit' ? Buffer.from(body) : decoded).toString('utf8') };
}

/** A refusal as a mail server says it. */
const refusal = (responseCode: number, text: string) => Object.assign(new Error(text), { responseCode });

/** A mail server on loopback, with one account: `watchpost`, `mail password`. */
export class MailServer {
  readonly mails: ReceivedMail[] = [];
  connections = 0;
  behaviour: 'takes' | 'hangs' | 'hangs up' | 'fails' | 'throttles' | 'distrusts' | 'knows nobody' = 'takes';
  readonly #server: SMTPServer;

  constructor(options: SMTPServerOptions = {}) {
    this.#server = new SMTPServer({
      logger: false,
      allowInsecureAuth: true,
      disableReverseLookup: true,
      onAuth: ({ username, password }, _, done) =>
        this.behaviour === 'distrusts' || username !== 'watchpost' || password !== 'mail password'
          ? done(refusal(535, '5.7.8 Authentication failed'))
          : done(null, { user: username }),
      onMailFrom: (_address, _session, done) => {
        if (this.behaviour === 'fails') return done(refusal(451, '4.3.0 Try again later'));
        if (this.behaviour === 'throttles') return done(refusal(450, '4.7.1 Too many mails'));
        if (this.behaviour !== 'hangs') done();
      },
      onRcptTo: (_address, _session, done) =>
        this.behaviour === 'knows nobody' ? done(refusal(550, '5.1.1 No such user')) : done(),
      onData: async (stream, { envelope, secure }, done) => {
        const parts: Buffer[] = [];
        for await (const part of stream) parts.push(part as Buffer);
        const { mailFrom, rcptTo } = envelope;
        this.mails.push({
          from: mailFrom ? mailFrom.address : '',
          to: rcptTo.map(({ address }) => address),
          isEncrypted: secure,
          ...parseMail(Buffer.concat(parts).toString('latin1')),
        });
        done();
      },
      ...options,
    });
    // What breaks off is the business of whoever called.
    this.#server.on('error', () => undefined);
    this.#server.server.on('connection', (socket) => {
      this.connections++;
      if (this.behaviour === 'hangs up') socket.destroy();
    });
  }

  async start(): Promise<this> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server.server, 'listening');
    return this;
  }

  get port(): number {
    return (this.#server.server.address() as AddressInfo).port;
  }

  stop(): Promise<void> {
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }
}
