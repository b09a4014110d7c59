import { z } from 'zod';
import { digestSchema } from '../wire/announcement.ts';
import { entryIdSchema, gatewayIdSchema, timeSchema, uuidSchema } from '../wire/ids.ts';

/** Entries of one receipt. */
const entriesAtOnce = 100;

/**
 * Body of `POST /erasure-receipts` at the gateway door: the gateway keeps nothing of these entries any more.
 * Which gateway it is says its certificate.
 */
export const erasureReceiptSchema = z.strictObject({
  /**
   * The life of the gateway’s gallery folder: a random id made with it, so that a new disk is another holder.
   */
  holder: uuidSchema,
  /** SHA-256 of the gallery keys that it has now; null: none. */
  keys: digestSchema.nullable(),
  entries: z.array(entryIdSchema).min(1).max(entriesAtOnce),
});
export type ErasureReceipt = z.infer<typeof erasureReceiptSchema>;

/** A folder of a gateway that has or had the site’s gallery or its keys. */
const holderSchema = z.strictObject({
  holder: uuidSchema,
  gateway: gatewayIdSchema,
  /** Of the certificate with which it came last. */
  serial: z.string().regex(/^[0-9A-F]{1,40}$/),
  /** SHA-256 of the gallery keys that it fetched last; null: only a gallery so far. */
  keys: digestSchema.nullable(),
  since: timeSchema,
  /** Since when it is shut out: no receipt is waited for, and the keys that it has are to be changed. */
  revoked: timeSchema.nullable(),
});
export type GalleryHolder = z.infer<typeof holderSchema>;

const erasureSchema = z.strictObject({
  entry: entryIdSchema,
  since: timeSchema,
  receipts: z.array(z.strictObject({ holder: uuidSchema, gateway: gatewayIdSchema, at: timeSchema })),
  /** When nobody was left to wait for; null: somebody is. */
  settled: timeSchema.nullable(),
});
export type Erasure = z.infer<typeof erasureSchema>;

/** A gateway was shut out that has gallery keys which are still in use. */
const leakedKeysSchema = z.strictObject({ gateway: gatewayIdSchema, since: timeSchema, keys: digestSchema });

/**
 * Who has the faces of a site, and who has erased what: written by the gateway door alone, as
 * `<data folder>/receipts/<site>.json`; alerting and commands read it.
 */
export const galleryRecordSchema = z.strictObject({
  version: z.literal(1),
  holders: z.array(holderSchema),
  erasures: z.array(erasureSchema),
  /** Why the site is to be re-keyed; empty once its keys are others. */
  rekey: z.array(leakedKeysSchema),
});
export type GalleryRecord = z.infer<typeof galleryRecordSchema>;

/** How far an erasure has come: “18 of 20”. */
export interface ErasureProgress {
  readonly receipts: number;
  readonly of: number;
  /** Gateways whose receipt is waited for, each once. */
  readonly waitingFor: readonly string[];
  readonly settled: boolean;
}

/** The progress of an entry’s erasure; undefined where the door knows of none. */
export function erasureProgress(
  { holders, erasures }: Pick<GalleryRecord, 'holders' | 'erasures'>,
  entry: string,
): ErasureProgress | undefined {
  const erasure = erasures.find((one) => one.entry === entry);
  if (!erasure) return undefined;
  const missing = erasure.settled === null ? outstanding(holders, erasure) : [];
  const receipts = erasure.receipts.length;
  return {
    receipts,
    of: receipts + missing.length,
    waitingFor: [...new Set(missing.map(({ gateway }) => gateway))],
    settled: erasure.settled !== null,
  };
}

/** Who has not said yet that an entry is erased; those who are shut out are not waited for. */
export function outstanding(
  holders: readonly GalleryHolder[],
  { receipts }: Pick<Erasure, 'receipts'>,
): readonly GalleryHolder[] {
  const said = new Set(receipts.map(({ holder }) => holder));
  return holders.filter(({ holder, revoked }) => revoked === null && !said.has(holder));
}
