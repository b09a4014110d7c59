import { Duplex } from 'node:stream';
import { WatchpostError } from '@watchpost/contracts/errors';
import type { PeerCertificate } from '@watchpost/identity';
import { PacketFramer } from '../domain/packet-framer.ts';
import { checkPacket, UnknownProtocolLevel } from '../domain/packet-rules.ts';
import { PacketRun } from '../domain/packet-run.ts';
import type { SharedMemory } from '../domain/shared-memory.ts';
import { telemetryHeader } from '../domain/telemetry-topic.ts';
import { TokenBucket } from '../domain/token-bucket.ts';
import type { BrokerLimits } from '../policy.ts';
import { OutgoingBytes } from './outgoing-bytes.ts';
import { connectionPolicy } from './policy.ts';
import type { TelemetryGate } from './telemetry-limit.ts';

/** CONNACK with “unacceptable protocol level” (§3.2.2.3). */
const unacceptableLevel = Buffer.from([0x20, 2, 0, 1]);

const DISCONNECT = 14;

export interface ConnectionEvents {
  /** The client sends faster than it may and is now read more slowly. */
  throttled(): void;
  /** Does the rest of a connection that is gone, soon. */
  paced(work: () => void): void;
}

/** Where a connection comes from, after a PROXY header, and what its TLS certificate says. */
export interface Origin {
  readonly remoteAddress: string;
  /** A client certificate that the listener’s authority signed. */
  readonly certificate?: PeerCertificate;
  /** To be told when its CONNECT is whole. */
  readonly connectCame?: () => void;
  /** To be told when the client is logged in. */
  readonly admitted?: () => void;
}

/**
 * What Aedes reads instead of the socket: whole, valid packets of a permitted size at a permitted rate, and
 * nothing after CONNECT until the client is admitted. Aedes itself would buffer a packet of any announced
 * length (up to 256 MB), drop the 43rd packet sent before CONNACK although clients may send before it
 * (§3.1.4), and let one client that does not read hold up all the others.
 */
export class GuardedConnection extends Duplex {
  readonly origin: Origin;
  readonly #transport: Duplex;
  readonly #events: ConnectionEvents;
  readonly #framer: PacketFramer;
  /** What goes to Aedes at the end of this turn. */
  readonly #run = new PacketRun();
  /** How long what it may send in a turn takes to be earned, at the most. */
  readonly #pauseMs: number;
  /** That one SUBSCRIBE or UNSUBSCRIBE may carry. */
  readonly #mostFilters: number;
  readonly #packets: TokenBucket;
  readonly #bytes: TokenBucket;
  /** Retained messages that its subscriptions brought. */
  readonly #answers: TokenBucket;
  #admitted = false;
  #connectSeen = false;
  #left = false;
  /** The transport gives nothing more. */
  #over = false;
  /** Aedes has been told so. */
  #told = false;
  #remainder: NodeJS.Timeout | undefined;
  /** Cancels the turn that is awaited. */
  #turn: (() => void) | undefined;
  readonly #outgoing: OutgoingBytes;
  #telemetry: TelemetryGate | undefined;

  constructor(
    transport: Duplex,
    origin: Origin,
    limits: BrokerLimits,
    outgoing: SharedMemory,
    events: ConnectionEvents,
  ) {
    super({ readableHighWaterMark: 64 * 1024 });
    this.origin = origin;
    this.#transport = transport;
    this.#events = events;
    this.#outgoing = new OutgoingBytes(transport, limits, outgoing, (bytes) =>
      this.destroy(new WatchpostError('broker.slow_consumer', { details: { bytes } })),
    );
    this.#framer = new PacketFramer(limits);
    const { filtersPerPacket } = connectionPolicy;
    this.#mostFilters = Math.max(
      filtersPerPacket.least,
      filtersPerPacket.perLimit * limits.subscriptionsPerClient,
    );
    const now = performance.now();
    const burst = Math.max(
      connectionPolicy.packetsPerTurn,
      limits.messagesPerSecond * connectionPolicy.burstSeconds,
    );
    this.#packets = new TokenBucket(limits.messagesPerSecond, burst, now);
    this.#pauseMs = Math.min(
      connectionPolicy.longestPauseMs,
      Math.floor((1000 * connectionPolicy.packetsPerTurn) / limits.messagesPerSecond),
    );
    this.#bytes = new TokenBucket(
      limits.bytesPerSecond,
      limits.bytesPerSecond * connectionPolicy.burstSeconds,
      now,
    );
    this.#answers = new TokenBucket(limits.messagesPerSecond, limits.retainedMessages, now);
    transport.on('data', (chunk: Buffer) => this.#receive(chunk));
    // What came before the end is still handled, a DISCONNECT in it above all; then Aedes sees the end and
    // closes.
    transport.on('end', () => this.#ended());
    transport.on('error', () => this.#ended());
    transport.on('close', () => this.#ended());
  }

  /** Bytes that the client has not taken yet. */
  get waitingBytes(): number {
    return this.#outgoing.waiting;
  }

  /**
   * CONNECT of this owner was accepted: lets the rest through, with the larger packet size, and telemetry as
   * far as the gate allows.
   */
  admit(owner: string, telemetry?: TelemetryGate): void {
    if (this.#admitted) return;
    this.#admitted = true;
    this.#outgoing.owner = owner;
    this.#telemetry = telemetry;
    this.origin.admitted?.();
    this.#framer.admit();
    this.#forward();
  }

  /**
   * One retained message goes out because the client asked for it. All that is kept it may have at once;
   * whoever asks again and again is read more slowly.
   */
  answered(): void {
    this.#answers.take(1, performance.now());
  }

  #receive(chunk: Buffer): void {
    if (this.destroyed || this.#left) return;
    this.#framer.push(chunk);
    this.#forward();
  }

  /** Passes on what may be passed on, and stops reading while something may not. */
  #forward(): void {
    if (this.#turn || this.destroyed) return;
    try {
      this.#forwardTurn();
    } catch (error) {
      this.#transport.pause();
      if (error instanceof UnknownProtocolLevel) this.#transport.write(unacceptableLevel);
      this.destroy(error instanceof Error ? error : new Error('framing failed', { cause: error }));
    }
  }

  /** What comes behind the turn is not even looked at: a chunk may hold thousands of packets. */
  #forwardTurn(): void {
    let mayPush = true;
    try {
      for (let passed = 1; this.#admitted || !this.#connectSeen; passed++) {
        const packet = this.#framer.next();
        if (!packet) break;
        const filters = checkPacket(packet, this.#mostFilters);
        this.#connectSeen = true;
        if (!this.#isOverBudget(packet)) this.#run.add(packet);
        if (packet[0] !== undefined && packet[0] >> 4 === DISCONNECT) {
          this.#left = true; // what follows is not processed [MQTT-3.14.4-2]
          this.#framer.clear();
          break;
        }
        const waitMs = this.#price(filters, packet.length);
        if (waitMs > 0) {
          this.#events.throttled();
          this.#waitFor(waitMs);
          break;
        }
        if (passed === connectionPolicy.packetsPerTurn && this.#framer.hasUnread) {
          const immediate = setImmediate(() => this.#nextTurn());
          this.#turn = () => clearImmediate(immediate);
          break;
        }
      }
    } finally {
      for (const bytes of this.#run.take()) mayPush = this.push(bytes);
    }
    const waits = this.#framer.hasUnread;
    if (this.#over) {
      if (!waits) this.#tell();
    } else if (!mayPush || this.#turn || waits) this.#transport.pause();
    else if (this.#transport.isPaused()) this.#transport.resume();
  }

  /**
   * Until its debt is paid and a turn’s worth is there again: whoever floods is woken for many packets and
   * not for each, so that it is the others who have the processor.
   */
  #waitFor(debtMs: number): void {
    const timer = setTimeout(() => this.#nextTurn(), debtMs + this.#pauseMs);
    this.#turn = () => clearTimeout(timer);
  }

  /**
   * Telemetry over its budget goes no further. It is acknowledged, because 3.1.1 has no “no” and a client
   * that waits would send it again: measurements may be lost, and the loss is counted and told. With QoS 2
   * the connection is read more slowly instead.
   */
  #isOverBudget(packet: Buffer): boolean {
    const header = this.#telemetry && telemetryHeader(packet);
    if (!header || this.#telemetry?.(header.topic, packet.length)) return false;
    if (header.qos === 2) this.#packets.take(connectionPolicy.qos2Cost, performance.now());
    else if (header.qos === 1)
      this.write(Buffer.from([0x40, 2, header.messageId >> 8, header.messageId & 0xff]));
    return header.qos < 2;
  }

  #ended(): void {
    if (this.#over || this.destroyed) return;
    this.#over = true;
    this.#events.paced(() => {
      if (this.destroyed) return;
      this.#remainder = setTimeout(() => this.destroy(), connectionPolicy.remainderMs);
      if (!this.#framer.hasUnread) this.#tell();
    });
  }

  #tell(): void {
    if (this.#told) return;
    this.#told = true;
    this.push(null);
  }

  /** What takes as long as many messages counts as many. */
  #price(filters: number, bytes: number): number {
    const now = performance.now();
    const cost = filters > 0 ? connectionPolicy.subscribeCost + filters : 1;
    const waitMs = Math.max(this.#packets.take(cost, now), this.#bytes.take(bytes, now));
    return Math.max(waitMs, this.#answers.take(0, now));
  }

  #nextTurn(): void {
    this.#turn = undefined;
    this.#forward();
  }

  override _read(): void {
    if (!this.#turn && !this.#framer.hasUnread) this.#transport.resume();
  }

  /** Takes everything: see {@link OutgoingBytes}. */
  override write(chunk: Buffer | string): boolean {
    if (this.destroyed || this.writableEnded) return false;
    this.#outgoing.add(typeof chunk === 'string' ? Buffer.from(chunk) : chunk);
    return true;
  }

  override cork(): void {}
  override uncork(): void {}

  override _final(done: (error?: Error | null) => void): void {
    this.#outgoing.finish();
    this.#transport.end(done);
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    const transport = this.#transport;
    this.#framer.clear();
    this.#turn?.();
    clearTimeout(this.#remainder);
    const refusedLevel = error instanceof UnknownProtocolLevel;
    if (!error || refusedLevel) this.#outgoing.finish();
    else this.#outgoing.stop();
    if ((error && !refusedLevel) || transport.writableLength === 0) transport.destroy();
    else {
      transport.end();
      const timer = setTimeout(() => transport.destroy(), connectionPolicy.flushMs);
      transport.once('close', () => clearTimeout(timer));
      transport.once('finish', () => transport.destroy());
    }
    done(error);
  }
}
