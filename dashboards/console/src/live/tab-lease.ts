import { newId } from '../api/new-id.ts';
import { onTick } from './ticks.ts';

/** What a tab is told about a thing that only one tab of a browser may have. */
export interface LeaseHolder {
  held(): void;
  lost(): void;
}

export interface TabLease {
  start(): void;
  stop(): void;
  /** Takes it from a tab that does not answer any more. */
  steal(): void;
}

/** By Web Locks (W3C): the browser itself gives the lease on when a tab is closed, frozen or crashes. */
class LockLease implements TabLease {
  readonly #name: string;
  readonly #holder: LeaseHolder;
  #end: AbortController | undefined;

  constructor(name: string, holder: LeaseHolder) {
    this.#name = name;
    this.#holder = holder;
  }

  start(): void {
    this.#end = new AbortController();
    this.#request({ signal: this.#end.signal });
  }

  stop(): void {
    this.#end?.abort();
    this.#end = undefined;
  }

  steal(): void {
    this.#request({ steal: true });
  }

  #request(options: LockOptions): void {
    const end = this.#end;
    if (!end) return;
    let isHeld = false;
    const whileHeld = () => {
      if (end.signal.aborted) return;
      isHeld = true;
      this.#holder.held();
      return new Promise<void>((resolve) => end.signal.addEventListener('abort', () => resolve()));
    };
    navigator.locks.request(this.#name, options, whileHeld).then(
      () => isHeld && this.#holder.lost(),
      () => {
        // Stolen, or stopped while waiting.
        if (isHeld) this.#holder.lost();
        if (!end.signal.aborted && isHeld) this.#request({ signal: end.signal });
      },
    );
  }
}

/** A tab that did not renew its lease for so long has lost it. */
const renewWithinMs = 4_000;

/**
 * By a note in the storage that all tabs of an address share, renewed with every tick: where a page is no
 * secure context there are no Web Locks.
 */
class StorageLease implements TabLease {
  readonly #key: string;
  readonly #holder: LeaseHolder;
  readonly #me = newId();
  #isHeld = false;
  #leave: (() => void) | undefined;

  constructor(name: string, holder: LeaseHolder) {
    this.#key = `watchpost.lease.${name}`;
    this.#holder = holder;
  }

  start(): void {
    this.#leave = onTick(() => this.#look());
    addEventListener('pagehide', this.#giveUp);
    this.#look();
  }

  stop(): void {
    this.#leave?.();
    removeEventListener('pagehide', this.#giveUp);
    this.#giveUp();
  }

  steal(): void {
    this.#write();
    this.#look();
  }

  readonly #giveUp = (): void => {
    if (!this.#isHeld) return;
    this.#isHeld = false;
    localStorage.removeItem(this.#key);
    this.#holder.lost();
  };

  #read(): { readonly owner: string; readonly untilMs: number } | undefined {
    const [owner = '', untilMs = ''] = (localStorage.getItem(this.#key) ?? '').split(' ');
    return owner === '' ? undefined : { owner, untilMs: Number(untilMs) };
  }

  #write(): void {
    localStorage.setItem(this.#key, `${this.#me} ${Date.now() + renewWithinMs}`);
  }

  /** Two tabs may both find it free; whoever wrote last has it at the next tick, and only then. */
  #look(): void {
    const note = this.#read();
    const isMine = note?.owner === this.#me;
    if (!isMine && this.#isHeld) {
      this.#isHeld = false;
      this.#holder.lost();
    }
    // A note of the far future is one of a clock that was set back.
    const isFree = !note || note.untilMs < Date.now() || note.untilMs > Date.now() + 2 * renewWithinMs;
    if (!isMine && !isFree) return;
    this.#write();
    if (!isMine || this.#isHeld) return;
    this.#isHeld = true;
    this.#holder.held();
  }
}

/** Where a browser keeps nothing that tabs share, each tab is on its own. */
class LoneLease implements TabLease {
  readonly #holder: LeaseHolder;

  constructor(holder: LeaseHolder) {
    this.#holder = holder;
  }

  start(): void {
    this.#holder.held();
  }

  stop(): void {
    this.#holder.lost();
  }

  steal(): void {}
}

function hasStorage(): boolean {
  try {
    localStorage.setItem('watchpost.probe', '1');
    localStorage.removeItem('watchpost.probe');
    return true;
  } catch {
    return false;
  }
}

/** Among all tabs of this browser that ask for `name`, one has it. */
export function tabLease(name: string, holder: LeaseHolder): TabLease {
  if (typeof BroadcastChannel === 'undefined') return new LoneLease(holder);
  if (typeof navigator !== 'undefined' && 'locks' in navigator && isSecureContext) {
    return new LockLease(`watchpost.${name}`, holder);
  }
  return hasStorage() ? new StorageLease(name, holder) : new LoneLease(holder);
}
