import type { Duplex } from 'node:stream';
import type { Holder, SharedMemory } from '../domain/shared-memory.ts';
import { outgoingPolicy } from './policy.ts';

export interface OutgoingLimits {
  /** Bytes that may wait. */
  readonly outboundBytes: number;
  /** How long the client may take nothing of what waits. */
  readonly outboundStallMs: number;
}

/**
 * What goes out on one connection. Collects the pieces that Aedes writes, five or six per packet, and passes
 * them on in one piece per turn of the event loop, which halves what a message costs, or before the end of
 * the turn to a client that gets little. Never makes Aedes wait, because it would make everybody wait. A
 * client is slow when too much waits for it, or when it takes nothing for too long, or when too much waits
 * for all and most of it for its owner; one that reads steadily may be behind as long as there is room.
 */
export class OutgoingBytes implements Holder {
  /** Set when it is known, before anything waits. */
  owner = '';
  readonly #transport: Duplex;
  readonly #limits: OutgoingLimits;
  readonly #shared: SharedMemory;
  readonly #slow: (bytes: number) => void;
  #pieces: Buffer[] = [];
  #bytes = 0;
  #scheduled = false;
  /** Pieces in the window that began then, and whether they, or those of the one before, were many. */
  #windowFromMs = 0;
  #windowPieces = 0;
  #isBusy = false;
  /** Given to the transport and not taken yet. */
  #handed = 0;
  #stall: NodeJS.Timeout | undefined;
  #over = false;
  /** What {@link SharedMemory} knows of. */
  #told = 0;

  constructor(
    transport: Duplex,
    limits: OutgoingLimits,
    shared: SharedMemory,
    slow: (bytes: number) => void,
  ) {
    this.#transport = transport;
    this.#limits = limits;
    this.#shared = shared;
    this.#slow = slow;
  }

  /** Bytes that the client has not taken. */
  get waiting(): number {
    return this.#handed + this.#bytes;
  }

  add(bytes: Buffer): void {
    this.#pieces.push(bytes);
    this.#windowPieces++;
    this.#bytes += bytes.length;
    if (this.#bytes >= outgoingPolicy.pieceBytes) this.#flush();
    else if (!this.#scheduled) {
      this.#scheduled = true;
      // whoever gets little gets it before what else this turn does for those who get much
      if (!this.#getsMuch()) process.nextTick(this.#turn);
      else setImmediate(this.#turn);
    }
  }

  giveUp(): void {
    this.#slow(this.waiting);
  }

  /** Gives everything to the transport: nothing comes any more. */
  finish(): void {
    this.#write();
    this.stop();
  }

  stop(): void {
    this.#over = true;
    this.#pieces = [];
    this.#bytes = 0;
    this.#tell();
    clearTimeout(this.#stall);
  }

  /** Whether this client got many pieces of late. */
  #getsMuch(): boolean {
    const now = performance.now();
    const isMany = this.#windowPieces > outgoingPolicy.promptPieces;
    if (now - this.#windowFromMs > outgoingPolicy.windowMs) {
      this.#isBusy = isMany;
      this.#windowFromMs = now;
      this.#windowPieces = 0;
    } else if (isMany) this.#isBusy = true;
    return this.#isBusy;
  }

  readonly #turn = (): void => {
    this.#scheduled = false;
    this.#flush();
  };

  #flush(): void {
    if (this.#over) return;
    if (this.#handed < outgoingPolicy.feedBytes) this.#write();
    if (this.waiting > this.#limits.outboundBytes) this.#slow(this.waiting);
    else this.#tell();
  }

  /** Little is not worth a word: most of what goes out is taken at once. */
  #tell(): void {
    const held = this.#over || this.waiting <= outgoingPolicy.littleBytes ? 0 : this.waiting;
    if (held === this.#told) return;
    this.#told = held;
    this.#shared.holds(this, held);
  }

  #write(): void {
    const [first] = this.#pieces;
    if (!first) return;
    const all = this.#pieces.length === 1 ? first : Buffer.concat(this.#pieces, this.#bytes);
    this.#pieces = [];
    this.#bytes = 0;
    if (!this.#transport.writable) return;
    this.#handed += all.length;
    const isTaken = this.#transport.write(all, () => this.#taken(all.length));
    if (!isTaken && !this.#over)
      this.#stall ??= setTimeout(() => this.#slow(this.waiting), this.#limits.outboundStallMs);
  }

  #taken(bytes: number): void {
    this.#handed -= bytes;
    if (this.#over) return;
    if (this.#bytes > 0 && !this.#scheduled) this.#flush();
    else this.#tell();
    if (!this.#stall) return;
    if (this.#handed > 0) this.#stall.refresh();
    else {
      clearTimeout(this.#stall);
      this.#stall = undefined;
    }
  }
}
