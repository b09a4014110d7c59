import { createHash } from 'node:crypto';
import type { AuditEntry } from '@watchpost/contracts/api';
import { canonicalJson } from './canonical-json.ts';

/** `previous` of the first entry of all. */
export const firstPrevious = '0'.repeat(64);

/** Where a chain, or what is left of it, begins or ends: a position, and the hash of the entry there. */
export interface ChainPoint {
  readonly position: number;
  readonly hash: string;
}

/** The beginning of a chain of which nothing was closed. */
export const chainBegin: ChainPoint = { position: 0, hash: firstPrevious };

/** SHA-256 of the canonical form of an entry without its own hash, hexadecimal. */
export function hashOfEntry(entry: Omit<AuditEntry, 'hash'>): string {
  const { position, at, site, actor, action, subject, reason, outcome, details, previous } = entry;
  const covered = { position, at, site, actor, action, subject, reason, outcome, details, previous };
  return createHash('sha256').update(canonicalJson(covered)).digest('hex');
}

/** What is wrong with a chain, at the first position at which something is. */
export type ChainFault =
  /** The entry is not as it was written. */
  | { readonly fault: 'changed'; readonly position: number }
  /** The entry that belongs at `position` is gone, or others stand in its place. */
  | { readonly fault: 'missing'; readonly position: number }
  /** The entry does not follow from the one before it, though both are whole. */
  | { readonly fault: 'unlinked'; readonly position: number }
  /** The chain ends before a head that somebody noted, or has another entry there. */
  | { readonly fault: 'head'; readonly position: number };

/**
 * Follows a chain entry by entry: what is taken in is whole up to {@link head} while {@link fault} is
 * undefined.
 */
export class ChainCheck {
  #head: ChainPoint;
  #entries = 0;
  #fault: ChainFault | undefined;
  readonly #noted: ChainPoint | undefined;

  /**
   * @param begin what stands before the first entry: of a chain whose older part was closed, its anchor
   * @param noted a head that was written down outside the server, if there is one
   */
  constructor(begin: ChainPoint = chainBegin, noted?: ChainPoint) {
    this.#head = begin;
    this.#noted = noted;
    if (noted?.position === begin.position) this.#compare(begin);
  }

  get head(): ChainPoint {
    return this.#head;
  }

  /** Entries that were found whole. */
  get entries(): number {
    return this.#entries;
  }

  get fault(): ChainFault | undefined {
    return this.#fault;
  }

  /** Takes the next entry; false once the chain is broken. */
  take(entry: AuditEntry): boolean {
    this.#fault ??= this.#judge(entry);
    if (this.#fault) return false;
    this.#head = { position: entry.position, hash: entry.hash };
    this.#entries += 1;
    if (this.#noted?.position === entry.position) this.#compare(this.#head);
    return this.#fault === undefined;
  }

  /** All entries were taken. */
  end(): ChainFault | undefined {
    if (this.#noted && this.#noted.position > this.#head.position)
      this.#fault ??= { fault: 'head', position: this.#head.position + 1 };
    return this.#fault;
  }

  #judge(entry: AuditEntry): ChainFault | undefined {
    const expected = this.#head.position + 1;
    if (entry.position !== expected) return { fault: 'missing', position: expected };
    if (!isAsWritten(entry)) return { fault: 'changed', position: expected };
    if (entry.previous !== this.#head.hash) return { fault: 'unlinked', position: expected };
    return undefined;
  }

  #compare(here: ChainPoint): void {
    if (here.hash !== this.#noted?.hash) this.#fault ??= { fault: 'head', position: here.position };
  }
}

/** A row that the canonical form cannot say was never written by us. */
function isAsWritten(entry: AuditEntry): boolean {
  try {
    return hashOfEntry(entry) === entry.hash;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}
