import { randomBytes } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import { type GatewayId, type Receipt, sourceOf, timeSchema, WatchpostError } from '@watchpost/contracts';
import { type EventDraft, isUrgent } from '../domain/event-draft.ts';
import { uuidV7 } from '../domain/uuid-v7.ts';
import { closeQuietly, inTransaction, isCorruption, setAside } from '../storage/exclusive-database.ts';
import { newEpoch, openOutboxFile } from './outbox-file.ts';

export interface OutboxOptions {
  readonly path: string;
  readonly site: string;
  readonly gateway: GatewayId;
  /** Bodies above this many bytes: see {@link Outbox.append}. */
  readonly maxBytes: number;
  now(): number;
  /** Called after a damaged file was set aside; `file` is where it is now. */
  onCorrupt?(file: string, cause: unknown): void;
}

/** An event as it is sent: `json` is one complete envelope. */
export interface StoredEvent {
  readonly seq: number;
  readonly urgent: boolean;
  readonly json: string;
}

/** What a receipt did. */
export type ReceiptOutcome = 'applied' | 'nothing_new' | 'behind' | 'other_epoch' | 'rolled_back';

/** Share of the limit that only urgent events may use. */
const urgentReserve = 0.1;

/**
 * The events that the store has not confirmed yet. Invariants: an event is on disk before anybody may publish it; `seq` is 1, 2, 3 …
 * within `epoch`; an event leaves only when a receipt of this epoch covers it.
 */
export class Outbox {
  readonly #options: OutboxOptions;
  #database: DatabaseSync;
  #epoch = '';
  #lastSeq = 0;
  #watermark = 0;
  #bytes = 0;
  #refused = 0;

  /** @throws WatchpostError `config.data_folder` when the file cannot be opened. A damaged file is set aside. */
  constructor(options: OutboxOptions) {
    this.#options = options;
    this.#database = this.#open();
  }

  get epoch(): string {
    return this.#epoch;
  }
  /** Events that no receipt covers yet. */
  get depth(): number {
    return this.#lastSeq - this.#watermark;
  }
  get watermark(): number {
    return this.#watermark;
  }
  get lastSeq(): number {
    return this.#lastSeq;
  }
  /** Events that were refused because the outbox was full, since the file was made. */
  get refused(): number {
    return this.#refused;
  }

  /**
   * Writes an event; when this returns it is on disk.
   * When the limit is reached, what is already promised stays and the new event is refused and counted; the last tenth of the limit is
   * kept for urgent events.
   * @throws WatchpostError `edge.outbox_full`
   */
  append(draft: EventDraft): { readonly seq: number; readonly urgent: boolean } {
    const urgent = isUrgent(draft);
    const body = this.#bodyOf(draft);
    const size = Buffer.byteLength(body);
    const limit = this.#options.maxBytes * (urgent ? 1 : 1 - urgentReserve);
    if (this.#bytes + size > limit) {
      this.#refused++;
      this.#onSoundFile((database) => database.prepare('UPDATE life SET refused = ?').run(this.#refused));
      throw new WatchpostError('edge.outbox_full', {
        details: { bytes: this.#bytes, limit, refused: this.#refused },
      });
    }
    this.#onSoundFile((database) => {
      const seq = this.#lastSeq + 1;
      inTransaction(database, () => {
        database
          .prepare('INSERT INTO event (seq, urgent, body) VALUES (?, ?, ?)')
          .run(seq, urgent ? 1 : 0, body);
        database.prepare('UPDATE life SET last_seq = ?').run(seq);
      });
      this.#lastSeq = seq;
      this.#bytes += size;
    });
    return { seq: this.#lastSeq, urgent };
  }

  /** Unconfirmed events with a seq above `after`, in order. */
  read(after: number, limit: number, only: 'all' | 'urgent' = 'all'): StoredEvent[] {
    return this.#onSoundFile((database) => {
      const rows = database
        .prepare(
          `SELECT seq, urgent, body FROM event WHERE seq > ? ${only === 'urgent' ? 'AND urgent = 1' : ''}
           ORDER BY seq LIMIT ?`,
        )
        .all(Math.max(after, this.#watermark), limit) as {
        seq: number;
        urgent: number;
        body: string;
      }[];
      return rows.map(({ seq, urgent, body }) => ({
        seq,
        urgent: urgent === 1,
        json: this.#envelope(seq, body),
      }));
    });
  }

  /**
   * Drops what the store has committed. A receipt of another epoch is none of ours. One that is ahead of us means that this file was
   * restored from an old copy: it gets a new epoch, so that its numbers are not used for two events.
   */
  confirm({ epoch, seq }: Pick<Receipt, 'epoch' | 'seq'>): ReceiptOutcome {
    if (epoch !== this.#epoch) return 'other_epoch';
    if (seq > this.#lastSeq) {
      this.beginNewEpoch();
      return 'rolled_back';
    }
    if (seq < this.#watermark) return 'behind';
    if (seq === this.#watermark) return 'nothing_new';
    this.#onSoundFile((database) => {
      const { bytes } = database
        .prepare('SELECT coalesce(sum(octet_length(body)), 0) AS bytes FROM event WHERE seq <= ?')
        .get(seq) as { bytes: number };
      inTransaction(database, () => {
        database.prepare('DELETE FROM event WHERE seq <= ?').run(seq);
        database.prepare('UPDATE life SET watermark = ?').run(seq);
      });
      this.#watermark = seq;
      this.#bytes -= bytes;
    });
    return 'applied';
  }

  /** Numbers the waiting events anew under a fresh epoch; they keep their ids. */
  beginNewEpoch(): void {
    this.#onSoundFile((database) => {
      const rows = database.prepare('SELECT urgent, body FROM event ORDER BY seq').all() as {
        urgent: number;
        body: string;
      }[];
      inTransaction(database, () => {
        database.exec('DELETE FROM event');
        const insert = database.prepare('INSERT INTO event (seq, urgent, body) VALUES (?, ?, ?)');
        rows.forEach(({ urgent, body }, index) => {
          insert.run(index + 1, urgent, body);
        });
        database
          .prepare('UPDATE life SET epoch = ?, last_seq = ?, watermark = 0')
          .run(newEpoch(), rows.length);
      });
      this.#load(database);
    });
  }

  close(): void {
    closeQuietly(this.#database);
  }

  #bodyOf(draft: EventDraft): string {
    const id = uuidV7(this.#options.now(), randomBytes(10));
    return JSON.stringify({
      specversion: '1.0',
      id,
      source: sourceOf(this.#options.site, draft.device),
      type: draft.type,
      time: timeSchema.parse(new Date(draft.capturedAtMs).toISOString()),
      subject: draft.zone,
      gateway: this.#options.gateway,
      traceparent: `00-${id.replaceAll('-', '')}-${randomBytes(8).toString('hex')}-01`,
      data: draft.data,
    });
  }

  /** Epoch and seq are put on when it is sent, because a new epoch numbers anew. */
  #envelope(seq: number, body: string): string {
    return `{"epoch":"${this.#epoch}","seq":${seq},${body.slice(1)}`;
  }

  #open(): DatabaseSync {
    try {
      const database = openOutboxFile(this.#options.path);
      this.#load(database);
      return database;
    } catch (cause) {
      if (!isCorruption(cause)) throw cause;
      this.#options.onCorrupt?.(setAside(this.#options.path, this.#options.now()), cause);
      const database = openOutboxFile(this.#options.path);
      this.#load(database);
      return database;
    }
  }

  #load(database: DatabaseSync): void {
    const life = database
      .prepare(
        `SELECT epoch, last_seq, watermark, refused,
                (SELECT coalesce(sum(octet_length(body)), 0) FROM event) AS bytes FROM life`,
      )
      .get() as { epoch: string; last_seq: number; watermark: number; refused: number; bytes: number };
    this.#epoch = life.epoch;
    this.#lastSeq = life.last_seq;
    this.#watermark = life.watermark;
    this.#refused = life.refused;
    this.#bytes = life.bytes;
  }

  /** Runs `work`; if the file turns out damaged it is set aside and the work is done once more on a new one. */
  #onSoundFile<T>(work: (database: DatabaseSync) => T): T {
    try {
      return work(this.#database);
    } catch (cause) {
      if (!isCorruption(cause)) throw cause;
      closeQuietly(this.#database);
      this.#options.onCorrupt?.(setAside(this.#options.path, this.#options.now()), cause);
      this.#database = this.#open();
      return work(this.#database);
    }
  }
}
