import { WatchpostError } from '@watchpost/contracts/errors';
import {
  type AnnouncementOf,
  announcementSchema,
  parseJson,
  parseWith,
  signedAnnouncementSchema,
} from '@watchpost/contracts/wire';
import { isSigned } from '../policy/ed25519-signature.ts';

/** A key whose announcements count: raw Ed25519, base64url. */
export interface AnnouncingKey {
  readonly kid: string;
  readonly publicKey: string;
}

/** Whom an announcement must be for. */
export interface Addressee<K extends 'site' | 'permit'> {
  readonly kind: K;
  readonly site: string;
  readonly gateway: string;
  readonly keys: readonly AnnouncingKey[];
}

/**
 * Reads an announcement that this gateway may follow: signed by a key that it knows, for itself and of the
 * kind of its topic.
 * @throws WatchpostError `edge.part_invalid` with what is wrong as its path (`/kid`: an unknown key),
 *   `wire.*`
 *   for what is no announcement
 */
export function verifyAnnouncement<K extends 'site' | 'permit'>(
  payload: Uint8Array,
  { kind, site, gateway, keys }: Addressee<K>,
): AnnouncementOf<K> {
  const { kid, announcement, signature } = parseWith(signedAnnouncementSchema, parseJson(payload));
  const bytes = Buffer.from(announcement, 'base64url');
  const key = keys.find((candidate) => candidate.kid === kid);
  if (!key) throw invalid('kid');
  if (!isSigned(bytes, signature, key.publicKey)) throw invalid('signature');
  const said = parseWith(announcementSchema, parseJson(bytes), 'wire.schema', '/announcement');
  if (said.kind !== kind) throw invalid('kind');
  if (said.site !== site || said.gateway !== gateway) throw invalid('gateway');
  return said as AnnouncementOf<K>;
}

/** Something that the server sent cannot be followed. `what` names it. */
export const invalid = (what: string): WatchpostError =>
  new WatchpostError('edge.part_invalid', { path: `/${what}` });
