import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { createServer as createTlsServer, type TLSSocket, type Server as TlsServer } from 'node:tls';
import { WatchpostError } from '@watchpost/contracts/errors';
import { type PeerCertificate, peerCertificate, TrustedAuthorities } from '@watchpost/identity';
import { limitKey, plainAddress, readTlsFiles } from '@watchpost/service';
import type { ListenerConfig, TlsConfig } from '../config.ts';
import { parseProxyHeader } from '../domain/proxy-header.ts';
import type { RefusalReason } from '../operations/broker-metrics.ts';
import type { ConnectionGate, Place } from './connection-gate.ts';
import type { Origin } from './guarded-connection.ts';
import { arrivalPolicy } from './policy.ts';
import { webSocketServer } from './websocket-server.ts';

export interface ListenerEvents {
  /** A connection is ready to speak MQTT; it is for this to say when its CONNECT has come. */
  accept(transport: Duplex, origin: Origin): void;
  /** Lets a new connection in, in the turn of its address; false when it has gone. */
  arrived(address: string, letIn: () => boolean): void;
  /** Does the rest of a connection whose peer is gone, soon. */
  paced(work: () => void): void;
  refused(reason: RefusalReason, remote: string): void;
  /** A client sends faster than it may. */
  throttled(remote: string): void;
}

export interface ListenerLimits {
  readonly connectTimeoutMs: number;
  readonly messagesPerSecond: number;
}

/** What belongs to a connection on its way through the layers. */
interface Passage {
  readonly address: string;
  /** Its CONNECT is whole. */
  readonly connectCame: () => void;
  /** Its client is logged in. */
  readonly admitted: () => void;
}

/**
 * One port, and what has to happen on it before MQTT: place at the gate, PROXY header, TLS, WebSocket. All of
 * that, and CONNECT, within the time for CONNECT.
 */
export class Listener {
  readonly #config: ListenerConfig;
  readonly #limits: ListenerLimits;
  readonly #gate: ConnectionGate;
  readonly #events: ListenerEvents;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  /** Origins of connections on their way through TLS or HTTP, by the port of the peer. */
  readonly #origins = new Map<string, Passage>();
  /** Accepted by the system, and not looked at yet. */
  readonly #arrivals = new Set<Socket>();
  #tls: TlsServer | undefined;
  /** Where the gateways of several sites come in. */
  #authorities: TrustedAuthorities | undefined;
  #webSockets: ((socket: Socket) => void) | undefined;
  #port = 0;

  constructor(config: ListenerConfig, limits: ListenerLimits, gate: ConnectionGate, events: ListenerEvents) {
    this.#config = config;
    this.#limits = limits;
    this.#gate = gate;
    this.#events = events;
    this.#server = createServer({ noDelay: true, pauseOnConnect: true }, (socket) => this.#arrived(socket));
  }

  get port(): number {
    return this.#port;
  }

  /**
   * @throws WatchpostError `config.port_taken`, or `config.invalid` for a host or certificate that cannot be
   * used.
   */
  async start(): Promise<void> {
    const { host, port, type } = this.#config;
    if (type === 'tls' || type === 'wss') await this.#prepareTls();
    if (type === 'ws' || type === 'wss') this.#prepareWebSockets();
    try {
      this.#server.listen({ host, port, backlog: arrivalPolicy.backlog });
      await once(this.#server, 'listening');
    } catch (cause) {
      throw listenError(cause, host, port);
    }
    const address = this.#server.address();
    this.#port = address && typeof address === 'object' ? address.port : port;
  }

  /** Reads the certificates again: new connections use them, open ones go on. */
  async reload(): Promise<void> {
    const { tls } = this.#config;
    if (!tls) return;
    const files = await readTlsFiles(tls);
    this.#authorities = authoritiesOf(tls, files.ca);
    this.#tls?.setSecureContext(files);
  }

  /** No new connections; those that are open stay. */
  close(): Promise<void> {
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }

  destroyConnections(): void {
    for (const socket of [...this.#sockets, ...this.#arrivals]) socket.destroy();
  }

  #arrived(socket: Socket): void {
    const peer = plainAddress(socket.remoteAddress ?? '');
    const place = this.#gate.enter(() => this.#refuse(socket, 'idle', peer));
    if (!place) {
      this.#refuse(socket, 'connections', peer);
      return;
    }
    socket.on('close', () => place.leave());
    // whoever waits takes a place already, so that no address can fill the line
    if (!this.#config.proxyProtocol && !this.#takePlace(place, socket, peer)) return;
    socket.on('error', () => socket.destroy());
    this.#arrivals.add(socket);
    this.#events.arrived(limitKey(peer), () => {
      this.#arrivals.delete(socket);
      if (socket.destroyed) return false;
      this.#connected(socket, peer, place);
      return true;
    });
  }

  /** Takes one of the places of an address, or refuses the connection. */
  #takePlace(place: Place, socket: Socket, address: string): boolean {
    const isIn = place.enterAddress(limitKey(address));
    if (!isIn && !socket.destroyed) this.#refuse(socket, 'connections_per_address', address);
    return isIn;
  }

  #refuse(socket: Socket, reason: RefusalReason, address: string): void {
    this.#events.refused(reason, address);
    socket.destroy();
  }

  #connected(socket: Socket, peer: string, place: Place): void {
    this.#sockets.add(socket);
    socket.on('close', () => this.#sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    const timer = setTimeout(
      () => this.#refuse(socket, 'connect_timeout', peer),
      this.#limits.connectTimeoutMs,
    );
    const connectCame = () => clearTimeout(timer);
    socket.on('close', connectCame);
    const passage = { connectCame, admitted: () => place.admitted() };
    if (!this.#config.proxyProtocol) this.#enter(socket, { address: peer, ...passage });
    else {
      this.#readProxyHeader(socket, (address = peer) => {
        if (this.#takePlace(place, socket, address)) this.#enter(socket, { address, ...passage });
      });
    }
  }

  /** Leads the connection to its next layer. */
  #enter(socket: Socket, passage: Passage): void {
    if (!this.#tls) endsLater(socket);
    if (!this.#tls && !this.#webSockets) {
      const { address, connectCame, admitted } = passage;
      this.#events.accept(socket, { remoteAddress: address, connectCame, admitted });
      return;
    }
    const peer = peerOf(socket);
    this.#origins.set(peer, passage);
    socket.on('close', () => this.#origins.delete(peer));
    if (this.#tls) this.#tls.emit('connection', socket);
    else this.#webSockets?.(socket);
  }

  #readProxyHeader(socket: Socket, done: (address: string | undefined) => void): void {
    let bytes = Buffer.alloc(0);
    const read = (chunk: Buffer) => {
      bytes = Buffer.concat([bytes, chunk]);
      try {
        const header = parseProxyHeader(bytes);
        if (!header) return;
        socket.off('data', read);
        socket.pause();
        socket.unshift(bytes.subarray(header.length));
        done(header.address === undefined ? undefined : plainAddress(header.address));
      } catch {
        this.#refuse(socket, 'malformed_packet', plainAddress(socket.remoteAddress ?? ''));
      }
    };
    socket.on('data', read);
    socket.resume();
  }

  async #prepareTls(): Promise<void> {
    const { tls } = this.#config;
    if (!tls)
      throw new WatchpostError('config.invalid', { path: '/listeners', details: { expected: 'tls' } });
    const files = await readTlsFiles(tls);
    this.#authorities = authoritiesOf(tls, files.ca);
    const wantsCertificate = files.ca !== undefined;
    const server = createTlsServer({
      ...files,
      minVersion: 'TLSv1.2',
      requestCert: wantsCertificate,
      rejectUnauthorized: wantsCertificate && tls.clientCertificate === 'required',
      handshakeTimeout: this.#limits.connectTimeoutMs,
    });
    server.on('secureConnection', (socket: TLSSocket) => {
      socket.on('error', () => socket.destroy());
      endsLater(socket);
      if (this.#webSockets) this.#webSockets(socket);
      else this.#accept(socket, peerOf(socket), peerCertificate(socket, this.#authorities));
    });
    server.on('tlsClientError', (_error, socket) => {
      this.#events.refused('tls', this.#origins.get(peerOf(socket))?.address ?? '');
      socket.destroy();
    });
    this.#tls = server;
  }

  #prepareWebSockets(): void {
    const addressOf = (socket: Socket) => this.#origins.get(peerOf(socket))?.address ?? '';
    this.#webSockets = webSocketServer(this.#config, this.#limits.messagesPerSecond, {
      accept: (transport, socket, connectCame) => {
        const certificate =
          'getPeerX509Certificate' in socket
            ? peerCertificate(socket as TLSSocket, this.#authorities)
            : undefined;
        this.#accept(transport, peerOf(socket), certificate, connectCame);
      },
      throttled: (socket) => this.#events.throttled(addressOf(socket)),
      tooLarge: (socket) => this.#refuse(socket, 'packet_too_large', addressOf(socket)),
      malformed: (socket) => this.#events.refused('malformed_packet', addressOf(socket)),
      paced: (work) => this.#events.paced(work),
    });
  }

  #accept(
    transport: Duplex,
    peer: string,
    certificate: PeerCertificate | undefined,
    connectCame?: () => void,
  ): void {
    const origin = this.#origins.get(peer);
    this.#events.accept(transport, {
      remoteAddress: origin?.address ?? '',
      connectCame: () => {
        connectCame?.();
        origin?.connectCame();
      },
      ...(origin ? { admitted: origin.admitted } : {}),
      ...(certificate ? { certificate } : {}),
    });
  }
}

/**
 * From here on what a client’s leaving brings with it is done in its turn, by GuardedConnection and not by
 * Node.
 */
function endsLater(socket: Socket): void {
  socket.allowHalfOpen = true;
}

/** The authorities with their sites, as they were read. */
function authoritiesOf(
  { clientAuthorities }: TlsConfig,
  ca: Buffer | Buffer[] | undefined,
): TrustedAuthorities | undefined {
  if (!clientAuthorities || !Array.isArray(ca)) return undefined;
  return new TrustedAuthorities(
    clientAuthorities.map(({ site }, index) => ({ site, pem: ca[index] ?? Buffer.alloc(0) })),
  );
}

const peerOf = (socket: Socket): string => `${socket.remoteAddress}:${socket.remotePort}`;

function listenError(cause: unknown, host: string, port: number): WatchpostError {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown';
  if (code === 'EADDRINUSE')
    return new WatchpostError('config.port_taken', { details: { host, port }, cause });
  return new WatchpostError('config.invalid', { path: '/host', details: { host, port, code }, cause });
}
