import {
  type Erasure,
  type GalleryHolder,
  type GalleryRecord,
  outstanding,
  type PermitContent,
} from '@watchpost/contracts/lists';

/** A folder of a gateway as it comes to the door. */
export interface HolderSeen {
  readonly holder: string;
  readonly gateway: string;
  /** Of its certificate. */
  readonly serial: string;
  /** Digest of the gallery keys that it gets, or says that it has; undefined: nothing is said of them. */
  readonly keys?: string | null | undefined;
}

export const emptyRecord: GalleryRecord = { version: 1, holders: [], erasures: [], rekey: [] };

/** A folder has the gallery or its keys from now on, or comes again: it is no longer shut out then. */
export function withHolder(record: GalleryRecord, seen: HolderSeen, at: string): GalleryRecord {
  const { holder, gateway, serial } = seen;
  const before = record.holders.find((one) => one.holder === holder && one.gateway === gateway);
  const keys = seen.keys === undefined ? (before?.keys ?? null) : seen.keys;
  const after = { holder, gateway, serial, keys, since: before?.since ?? at, revoked: null } as GalleryHolder;
  if (before && before.serial === serial && before.keys === keys && before.revoked === null) return record;
  return { ...record, holders: [...record.holders.filter((one) => one !== before), after] };
}

/** Entries are to be erased. One that was done and is asked for again later begins anew. */
export function withErasures(record: GalleryRecord, erase: PermitContent['erase']): GalleryRecord {
  const known = new Map(record.erasures.map((erasure) => [erasure.entry, erasure]));
  const added = erase.filter(({ entry, since }) => {
    const before = known.get(entry);
    return !before || (before.settled !== null && before.since < since);
  });
  if (added.length === 0) return record;
  const names = new Set(added.map(({ entry }) => entry));
  return {
    ...record,
    erasures: [
      ...record.erasures.filter(({ entry }) => !names.has(entry)),
      ...added.map(({ entry, since }): Erasure => ({ entry, since, receipts: [], settled: null })),
    ],
  };
}

/**
 * A folder keeps nothing of these entries any more. What was said before, or nobody asked for, changes
 * nothing.
 */
export function withReceipts(
  record: GalleryRecord,
  { holder, gateway }: Pick<HolderSeen, 'holder' | 'gateway'>,
  entries: readonly string[],
  at: string,
): GalleryRecord {
  const said = new Set(entries);
  let isNew = false;
  const erasures = record.erasures.map((erasure) => {
    if (!said.has(erasure.entry) || erasure.settled !== null) return erasure;
    if (erasure.receipts.some((receipt) => receipt.holder === holder)) return erasure;
    isNew = true;
    return { ...erasure, receipts: [...erasure.receipts, { holder, gateway, at } as Erasure['receipts'][0]] };
  });
  return isNew ? { ...record, erasures } : record;
}

/**
 * Marks the folders of gateways that were shut out: nobody waits for their receipts, and the keys that they
 * have are to be changed.
 */
export function withShutOut(
  record: GalleryRecord,
  isOut: (gateway: string, serial: string) => boolean,
  at: string,
): GalleryRecord {
  const out = record.holders.filter(
    ({ revoked, gateway, serial }) => revoked === null && isOut(gateway, serial),
  );
  if (out.length === 0) return record;
  const leaked = out.flatMap(({ gateway, keys }) => (keys === null ? [] : [{ gateway, since: at, keys }]));
  return {
    ...record,
    holders: record.holders.map((one) => (out.includes(one) ? { ...one, revoked: at } : one)),
    rekey: [...record.rekey, ...leaked],
  };
}

/** The site has these keys now: what was leaked before they came opens nothing new. */
export function withKeysInUse(record: GalleryRecord, keys: string | undefined): GalleryRecord {
  const rekey = record.rekey.filter((leaked) => keys === undefined || leaked.keys === keys);
  return rekey.length === record.rekey.length ? record : { ...record, rekey };
}

/** Settles erasures for which nobody is waited any more. */
export function withSettled(record: GalleryRecord, at: string): GalleryRecord {
  const done = record.erasures.filter(
    (erasure) => erasure.settled === null && outstanding(record.holders, erasure).length === 0,
  );
  if (done.length === 0) return record;
  return {
    ...record,
    erasures: record.erasures.map((one) => (done.includes(one) ? { ...one, settled: at } : one)),
  };
}

/** Forgets erasures that were done, and folders that were shut out, before this time. */
export function withoutOlder(record: GalleryRecord, before: string): GalleryRecord {
  const holders = record.holders.filter(({ revoked }) => revoked === null || revoked >= before);
  const erasures = record.erasures.filter(({ settled }) => settled === null || settled >= before);
  if (holders.length === record.holders.length && erasures.length === record.erasures.length) return record;
  return { ...record, holders, erasures };
}
