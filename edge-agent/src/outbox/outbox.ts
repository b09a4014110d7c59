import { randomBytes } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import { WatchpostError } from '@watchpost/contracts/errors';
import { type GatewayId, type Receipt, sourceOf, timeSchema } from '@watchpost/contracts/wire';
import { bootId } from '../clock/boot-clock.ts';
import type { GatewayClock } from '../clock/gateway-clock.ts';
import { sendPolicy } from '../policy.ts';
import { type DiskTrouble, diskTrouble } from '../storage/disk-trouble.ts';
import { closeQuietly, inTransaction, isCorruption, setAside } from '../storage/exclusive-database.ts';
import type { ReserveSpace } from '../storage/reserve-space.ts';
import { type CanaryDraft, type EventDraft, isUrgent } from './event-draft.ts';
import { inMemory, newEpoch, openOutboxFile } from './outbox-file.ts';
import type { OutboxRow, WaitingEvent } from './outbox-row.ts';
import { uuidV7 } from './uuid-v7.ts';

export interface OutboxOptions {
  /** The file, or {@link inMemory}: then nothing outlives the process. */
  readonly path: string;
  readonly site: string;
  readonly gateway: GatewayId;
  /** Puts the server's time beside what the machine's clock said. */
  readonly clock: Pick<GatewayClock, 'stamp' | 'offsetOf'>;
  /** Given up when the disk is full, so that confirmed events can be deleted. */
  readonly reserve?: ReserveSpace | undefined;
  /** Most pages of the file (SQLite `max_page_count`); for tests of a full disk. */
  readonly maxPages?: number | undefined;
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

/**
 * The events that the store has not confirmed yet. Invariants: an event is on disk before anybody may publish
 * it (unless the outbox is in memory); `seq` is 1, 2, 3 … within `epoch`; an event leaves only when a receipt
 * of this epoch covers it.
 */
export class Outbox {
  readonly #options: OutboxOptions;
  #database: DatabaseSync;
  #epoch = '';
  #lastSeq = 0;
  #watermark = 0;
  #bytes = 0;
  #refused = 0;
  #trouble: DiskTrouble | null = null;
  /** Confirmed events are still in the file, because it could not be written. */
  #undeleted = false;

  /**
   * @throws WatchpostError `config.data_folder` when the file cannot be opened. A damaged file is set aside.
   */
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
   * What is wrong with the disk under the outbox, as a code of the registry; null while it takes what is
   * written.
   */
  get trouble(): DiskTrouble | null {
    return this.#trouble;
  }

  /**
   * Writes an event; when this returns it is on disk.
   * When the limit is reached, what is already promised stays and the new event is refused and counted; the
   * last part of the limit ({@link sendPolicy}) is kept for urgent events.
   * @throws WatchpostError `edge.outbox_full`, and `edge.disk_full` or `edge.disk_unwritable` when the file
   *   takes nothing
   */
  append(draft: EventDraft | CanaryDraft): { readonly seq: number; readonly urgent: boolean } {
    const urgent = isUrgent(draft);
    const { body, monotonic } = this.#bodyOf(draft);
    const size = Buffer.byteLength(body);
    const limit = this.#options.maxBytes * (urgent ? 1 : 1 - sendPolicy.urgentReserve);
    if (this.#bytes + size > limit) {
      this.#refused++;
      this.#whileWritable((database) => database.prepare('UPDATE life SET refused = ?').run(this.#refused));
      throw new WatchpostError('edge.outbox_full', {
        details: { bytes: this.#bytes, limit, refused: this.#refused },
      });
    }
    const written = this.#whileWritable((database) => {
      const seq = this.#lastSeq + 1;
      inTransaction(database, () => {
        insertInto(database).run(seq, urgent ? 1 : 0, body, monotonic, monotonic === null ? null : bootId());
        database.prepare('UPDATE life SET last_seq = ?').run(seq);
      });
      this.#lastSeq = seq;
      this.#bytes += size;
    });
    if (!written) throw new WatchpostError(this.#trouble ?? 'edge.disk_full');
    return { seq: this.#lastSeq, urgent };
  }

  /**
   * Puts the server's time on events that were captured in this boot before it was known. Call when it has
   * become known.
   */
  stampWaiting(): void {
    this.#whileWritable((database) => {
      const rows = database
        .prepare('SELECT seq, body, captured_monotonic FROM event WHERE captured_boot = ?')
        .all(bootId()) as unknown as Pick<OutboxRow, 'seq' | 'body' | 'captured_monotonic'>[];
      if (rows.length === 0) return;
      inTransaction(database, () => {
        const update = database.prepare(
          'UPDATE event SET body = ?, captured_monotonic = NULL, captured_boot = NULL WHERE seq = ?',
        );
        for (const { seq, body, captured_monotonic } of rows) {
          const event = JSON.parse(body) as { time: string };
          if (captured_monotonic === null) continue;
          const offsetMs = this.#options.clock.offsetOf(Date.parse(event.time), captured_monotonic);
          if (offsetMs !== null) update.run(JSON.stringify({ ...stampFields(offsetMs), ...event }), seq);
        }
      });
      this.#load(database);
    });
  }

  /** There is no room left for the reserve: the disk counts as full until there is. */
  noRoom(): void {
    this.#trouble ??= 'edge.disk_full';
  }

  /**
   * Call now and then while there is {@link trouble}: deletes what could not be deleted, and ends the trouble
   * when there is room again.
   */
  retry(): void {
    if (this.#undeleted) this.#delete();
    if (this.#trouble === null) return;
    const { reserve } = this.#options;
    if (this.#undeleted || (reserve && !reserve.make())) return;
    const { refused } = this;
    const written = this.#whileWritable((database) =>
      database.prepare('UPDATE life SET refused = ?').run(refused),
    );
    if (written) this.#trouble = null;
  }

  /** The waiting events, to be taken over by another outbox; they keep their ids. */
  waiting(): readonly WaitingEvent[] {
    return this.#rows(0, -1, 'all');
  }

  /** Takes events over from an outbox that could not be opened for writing. */
  takeOver(events: readonly WaitingEvent[]): void {
    const insert = insertInto(this.#database);
    for (const { urgent, body, captured_monotonic, captured_boot } of events) {
      this.#lastSeq++;
      insert.run(this.#lastSeq, urgent, body, captured_monotonic, captured_boot);
      this.#bytes += Buffer.byteLength(body);
    }
    this.#database.prepare('UPDATE life SET last_seq = ?').run(this.#lastSeq);
  }

  /** Unconfirmed events with a seq above `after`, in order. */
  read(after: number, limit: number, only: 'all' | 'urgent' = 'all'): StoredEvent[] {
    return this.#rows(after, limit, only).map(({ seq, urgent, body }) => ({
      seq,
      urgent: urgent === 1,
      json: this.#envelope(seq, body),
    }));
  }

  #rows(after: number, limit: number, only: 'all' | 'urgent'): OutboxRow[] {
    return this.#onSoundFile(
      (database) =>
        database
          .prepare(
            `SELECT seq, urgent, body, captured_monotonic, captured_boot FROM event
             WHERE seq > ? ${only === 'urgent' ? 'AND urgent = 1' : ''} ORDER BY seq LIMIT ?`,
          )
          .all(Math.max(after, this.#watermark), limit) as unknown as OutboxRow[],
    );
  }

  /**
   * Drops what the store has committed. A receipt of another epoch is none of ours. One that is ahead of us
   * means that this file was restored from an old copy: it gets a new epoch, so that its numbers are not used
   * for two events.
   */
  confirm({ epoch, seq }: Pick<Receipt, 'epoch' | 'seq'>): ReceiptOutcome {
    if (epoch !== this.#epoch) return 'other_epoch';
    if (seq > this.#lastSeq) {
      this.beginNewEpoch();
      return 'rolled_back';
    }
    if (seq < this.#watermark) return 'behind';
    if (seq === this.#watermark) return 'nothing_new';
    // What is confirmed is never sent again, whether or not the file can be told of it.
    this.#watermark = seq;
    this.#delete();
    return 'applied';
  }

  /** Deletes what is confirmed; gives up the reserve for that when the disk is full. */
  #delete(): void {
    const work = (database: DatabaseSync) => {
      const seq = this.#watermark;
      const { bytes } = database
        .prepare('SELECT coalesce(sum(octet_length(body)), 0) AS bytes FROM event WHERE seq <= ?')
        .get(seq) as { bytes: number };
      inTransaction(database, () => {
        database.prepare('DELETE FROM event WHERE seq <= ?').run(seq);
        database.prepare('UPDATE life SET watermark = ?').run(seq);
      });
      this.#bytes -= bytes;
      // On a full disk the log itself must not grow.
      if (this.#trouble !== null) database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    };
    this.#undeleted = !this.#whileWritable(work);
    if (!this.#undeleted || !this.#options.reserve?.giveUp()) return;
    this.#undeleted = !this.#whileWritable(work);
  }

  /** Numbers the waiting events anew under a fresh epoch; they keep their ids. */
  beginNewEpoch(): void {
    this.#onSoundFile((database) => {
      const rows = this.#rows(0, -1, 'all');
      inTransaction(database, () => {
        database.exec('DELETE FROM event');
        const insert = insertInto(database);
        rows.forEach(({ urgent, body, captured_monotonic, captured_boot }, index) => {
          insert.run(index + 1, urgent, body, captured_monotonic, captured_boot);
        });
        database
          .prepare('UPDATE life SET epoch = ?, last_seq = ?, watermark = 0')
          .run(newEpoch(this.#options.path), rows.length);
      });
      this.#load(database);
    });
  }

  close(): void {
    closeQuietly(this.#database);
  }

  /** The event, and its monotonic time while its offset is not known. */
  #bodyOf(draft: EventDraft | CanaryDraft): { readonly body: string; readonly monotonic: number | null } {
    const { clock } = this.#options;
    const id = uuidV7(this.#options.now(), randomBytes(10));
    const { clockMs, offsetMs, monotonicMs } = clock.stamp(draft.capturedAtMs);
    const body = JSON.stringify({
      ...stampFields(offsetMs),
      specversion: '1.0',
      id,
      source: sourceOf(this.#options.site, draft.device),
      type: draft.type,
      time: timeSchema.parse(new Date(clockMs).toISOString()),
      ...('zone' in draft ? { subject: draft.zone } : {}),
      gateway: this.#options.gateway,
      traceparent: `00-${id.replaceAll('-', '')}-${randomBytes(8).toString('hex')}-01`,
      data: draft.data,
    });
    return { body, monotonic: monotonicMs };
  }

  /** Epoch and seq are put on when it is sent, because a new epoch numbers anew. */
  #envelope(seq: number, body: string): string {
    const unstamped = body.startsWith('{"clockoffset"') ? '' : '"clocksource":"none",';
    return `{"epoch":"${this.#epoch}","seq":${seq},${unstamped}${body.slice(1)}`;
  }

  #open(): DatabaseSync {
    try {
      const database = openOutboxFile(this.#options.path, this.#options.maxPages);
      this.#load(database);
      return database;
    } catch (cause) {
      if (!isCorruption(cause)) throw cause;
      this.#options.onCorrupt?.(setAside(this.#options.path, this.#options.now()), cause);
      const database = openOutboxFile(this.#options.path, this.#options.maxPages);
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

  /** Runs `work`; @returns false when the disk did not take it, which is kept as {@link trouble}. */
  #whileWritable(work: (database: DatabaseSync) => void): boolean {
    try {
      this.#onSoundFile(work);
      return true;
    } catch (error) {
      const trouble = diskTrouble(error);
      if (trouble === null) throw error;
      this.#trouble = trouble;
      return false;
    }
  }

  /**
   * Runs `work`; if the file turns out damaged it is set aside and the work is done once more on a new one.
   */
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

function insertInto(database: DatabaseSync) {
  return database.prepare(
    'INSERT INTO event (seq, urgent, body, captured_monotonic, captured_boot) VALUES (?, ?, ?, ?, ?)',
  );
}

/** First in the body, so that it is seen at once whether they are there. */
function stampFields(offsetMs: number | null): Record<string, unknown> {
  return offsetMs === null ? {} : { clockoffset: offsetMs, clocksource: 'receipt' };
}
