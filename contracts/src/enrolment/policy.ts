/** What both ends of the enrolment's socket hold each other to. */
export const enrolmentLimits = {
  /** Largest file of a photo, bytes. */
  photoBytes: 20 * 1024 * 1024,
  /** Photos of one request. */
  photosPerRequest: 8,
  /** All photos of one request together, bytes. */
  requestBytes: 64 * 1024 * 1024,
  /** What stands beside the photos, bytes: the records of 20,000 entries. */
  messageBytes: 32 * 1024 * 1024,
} as const;
