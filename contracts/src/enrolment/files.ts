import { z } from 'zod';

const keySchema = z.base64url().length(43);

/**
 * `<data folder>/enrolment/<site>/keys.json`, the keys of the site's galleries: what gateways that look for
 * faces get, and nothing else of the folder but gallery files. 32 bytes each as base64url; as
 * `gallery.keysFile` of a gateway.
 */
export const galleryKeysFileSchema = z.strictObject({
  deploymentKey: keySchema,
  transformKey: keySchema,
});
export type GalleryKeysFile = z.infer<typeof galleryKeysFileSchema>;

/** Folder of the enrolment in the data folder of a server; below it one folder per site. */
export const enrolmentFolder = 'enrolment';

/** Name of the file with the gallery keys, in the folder of a site. */
export const galleryKeysFile = 'keys.json';

/** Name of a gallery file, in the folder of a site: `digest` is the SHA-256 of its bytes, hex. */
export const galleryFile = (digest: string): string => `${digest}.gallery`;
