import type { ErasureReceipt } from '@watchpost/contracts/lists';
import type { GalleryAtDoor } from '../galleries/gallery-files.ts';
import type { Caller } from './document-routes.ts';
import type { DoorDocument } from './door-documents.ts';

/** What the door asks about faces: who may have them, and who has erased some. */
export interface DoorGalleries {
  /**
   * The gallery of a site for one of its gateways, once it is on record that this folder has it.
   * @throws WatchpostError `identity.gallery_refused`, `identity.gallery_absent`, `identity.gallery_record`
   */
  gallery(caller: Caller, holder: string, digest: string): GalleryAtDoor;
  /**
   * The keys that open it, likewise.
   * @throws WatchpostError as `gallery`
   */
  keys(caller: Caller, holder: string): DoorDocument;
  /** @throws WatchpostError `identity.gallery_record`, `identity.unknown_gateway` */
  receipt(caller: Caller, receipt: ErasureReceipt): void;
}
