import { type ListsSection, listsSectionSchema } from '@watchpost/contracts/site';

const dayMs = 86_400_000;

/** What a site decides of its lists, milliseconds: `policy.lists` of its file. */
export type SiteListsPolicy = ListsSection;
/** What holds where a site sets nothing else. */
export const defaultSiteListsPolicy: SiteListsPolicy = listsSectionSchema.parse({});

/** Numbers of the lists of all sites. Milliseconds, unless their name says otherwise. */
export const listsPolicy = {
  /** How often it is looked what expired, is to be erased, or could not be done before. */
  everyMs: 15_000,
  /** A gallery that could not be made, or photos that could not be removed, are tried again after this. */
  againAfterMs: 30_000,
  /** A revoked pass stays in the permits so long after its end, for gateways whose clock is behind. */
  revokedForMs: dayMs,
  /** Gateways that are not in step with the lists for so long are told of: health, and an alert. */
  behindAfterMs: 120_000,
  /** Of one entry. */
  photosAtMost: 8,
  /** Of one photo. */
  photoBytes: 20 * 1024 * 1024,
  /** Rows of an export. */
  exportedAtMost: 10_000,
  /** Requests a minute of one address: of lists, and those that carry or show photos. */
  perMinute: { entries: 300, photos: 60 },
} as const;

/** Numbers of the audit log. */
export const auditPolicy = {
  /** Entries are kept so long; what is older is closed, and the hash of its last entry is kept. */
  keptMs: 1_100 * dayMs,
  /** Between two looks at what is older. */
  closeEveryMs: dayMs,
  /** Between two looks at what commands at the server’s computer have noted. */
  notesEveryMs: 2_000,
  /** Entries that are read at once where the whole log is followed. */
  pageEntries: 500,
  /** Requests a minute of one address: pages, and whole logs. */
  perMinute: 120,
  exportsPerMinute: 6,
} as const;

/** Names in what people wrote. */
export const freeTextPolicy = {
  /** Texts that are shown at once. */
  found: 200,
  /** Requests a minute of one address: each reads all that was written. */
  perMinute: 20,
} as const;
