import type { ListEntryRecord } from '@watchpost/contracts/lists';

/** The two lists an entry can be on (design §3). */
export type GalleryList = 'watch' | 'access';

/** What the gallery knows of a person besides the template. */
export interface GalleryEntry {
  /** Unique in a gallery. */
  readonly entryId: string;
  readonly list: GalleryList;
  /** Shown to people; never needed for matching. */
  readonly label?: string;
  /** ms since the epoch; at and after this moment the entry matches nothing. */
  readonly expiresAt: number;
  /** Zones in which the entry may match; left out = everywhere, empty = nowhere. */
  readonly areas?: readonly string[];
  /** Why the face is on the list, and who approved it; an agent matches against nothing without. */
  readonly record?: ListEntryRecord;
}

/** The nearest valid entry, whatever its cosine: compare it with a threshold. */
export interface GalleryMatch {
  readonly entry: GalleryEntry;
  /** −1 … 1. */
  readonly cosine: number;
}

/** Both are 32 bytes. Losing either makes stored templates useless, which is their purpose (design §8.6). */
export interface GalleryKeys {
  /** Encrypts at rest (AES-256-GCM). */
  readonly deploymentKey: Uint8Array;
  /** Seeds the revocable orthogonal transform. */
  readonly transformKey: Uint8Array;
}
