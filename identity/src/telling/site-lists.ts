import { type ErrorCode, WatchpostError } from '@watchpost/contracts/errors';
import type { ErasureReceipt, GalleryRecord } from '@watchpost/contracts/lists';
import type { GatewayPart } from '@watchpost/contracts/site';
import type { Permit } from '@watchpost/contracts/wire';
import type { Logger } from 'pino';
import type { Caller } from '../door/document-routes.ts';
import type { DoorDocument } from '../door/door-documents.ts';
import { type GalleryAtDoor, galleryAt, galleryKeysAt } from '../galleries/gallery-files.ts';
import { GalleryRecordFile } from '../galleries/gallery-record-file.ts';
import {
  type HolderSeen,
  withErasures,
  withHolder,
  withKeysInUse,
  withoutOlder,
  withReceipts,
  withSettled,
  withShutOut,
} from '../galleries/record-steps.ts';
import { galleryRecordPolicy } from '../policy.ts';
import { PermitContentFile } from './permit-content-file.ts';
import { looksForFaces, type PermitSources, permitOf } from './permit-of.ts';

/** Where what concerns the faces of a site lies. */
export interface SiteListPlaces {
  /** `permits/<site>.json`, written by alerting. */
  readonly permit: string;
  /** The site’s folder of the enrolment: galleries by digest, and the keys that open them. */
  readonly galleries: string;
  /** `receipts/<site>.json`, written here alone. */
  readonly record: string;
}

export interface SiteListsOptions {
  readonly places: SiteListPlaces;
  /** Where the door keeps what it needs itself. */
  readonly keptPath: string;
  /** Which parts the gateways of the site are told at present. */
  readonly partOf: (gateway: string) => Pick<GatewayPart, 'devices'> | undefined;
  readonly nowMs: () => number;
  readonly log: Logger;
}

/**
 * What the lists of a site mean for its gateways: the content of their permits, who may have the gallery and
 * its keys, and how far erasures have come.
 */
export class SiteLists {
  readonly #options: SiteListsOptions;
  readonly #content: PermitContentFile;
  readonly #record: GalleryRecordFile;
  #gallery: GalleryAtDoor | undefined;
  #keys: DoorDocument | undefined;
  /** What permits were made from last. */
  #said: readonly unknown[] = [];

  constructor(options: SiteListsOptions) {
    const { places, keptPath, log } = options;
    this.#options = options;
    this.#content = new PermitContentFile({ path: places.permit, keptPath, log });
    this.#record = new GalleryRecordFile(places.record);
    if (!this.#record.isUsable) log.error({ code: 'identity.gallery_record' }, 'record of faces damaged');
  }

  /** What somebody must see to, most weighty first. */
  get faults(): readonly ErrorCode[] {
    const codes: ErrorCode[] = [];
    if (!this.#record.isUsable) codes.push('identity.gallery_record');
    if (this.#content.isBroken) codes.push('identity.permit_content');
    if (this.#content.current?.gallery && !this.#file) codes.push('identity.gallery_absent');
    if (this.#recordOrNone?.rekey.length) codes.push('identity.rekey_due');
    return codes;
  }

  /** Looks for the first time. */
  async open(): Promise<void> {
    await this.#content.open();
    this.#lookAtFiles();
  }

  /** Looks whether something else is said now. @returns whether permits are to be made anew */
  async look(): Promise<boolean> {
    await this.#content.look();
    return this.#lookAtFiles();
  }

  /** Looks who was shut out since. */
  lookForShutOut(isOut: (gateway: string, serial: string) => boolean): void {
    const { nowMs } = this.#options;
    const before = new Date(nowMs() - galleryRecordPolicy.keepMs).toISOString();
    this.#change((record) =>
      withoutOlder(withSettled(withShutOut(record, isOut, this.#now), this.#now), before),
    );
  }

  /** The permit of a gateway. */
  permitOf(part: Pick<GatewayPart, 'devices'>): Permit {
    return permitOf(part, { content: this.#content.current, file: this.#file, erase: this.#toErase });
  }

  /** See `DoorGalleries.gallery`. */
  gallery(caller: Caller, holder: string, digest: string): GalleryAtDoor {
    this.#refuseUnlawful(caller.gateway);
    const gallery = this.#gallery;
    if (gallery?.digest !== digest || !galleryAt(this.#options.places.galleries, digest))
      throw new WatchpostError('identity.gallery_absent');
    this.#goesOut(caller, holder, undefined);
    return gallery;
  }

  /** See `DoorGalleries.keys`. */
  keys(caller: Caller, holder: string): DoorDocument {
    this.#refuseUnlawful(caller.gateway);
    const keys = galleryKeysAt(this.#options.places.galleries);
    if (!keys) throw new WatchpostError('identity.gallery_absent');
    this.#goesOut(caller, holder, keys.digest);
    return keys;
  }

  /** See `DoorGalleries.receipt`. */
  receipt(caller: Caller, { holder, keys, entries }: ErasureReceipt): void {
    const { gateway, serial } = caller;
    this.#record.change((record) => {
      const seen = this.#withHolder(record, { holder, gateway, serial, keys });
      return withSettled(withReceipts(seen, { holder, gateway }, entries, this.#now), this.#now);
    });
  }

  /** The gallery is given out with the keys that open it, or not at all. */
  get #file(): PermitSources['file'] {
    const keys = this.#keys?.digest;
    return this.#gallery && keys !== undefined ? { size: this.#gallery.size, keys } : undefined;
  }

  get #toErase(): readonly string[] {
    const asked = this.#content.current?.erase.map(({ entry }) => entry) ?? [];
    const open = this.#recordOrNone?.erasures.flatMap(({ entry, settled }) =>
      settled === null ? entry : [],
    );
    return [...new Set([...asked, ...(open ?? [])])];
  }

  /** undefined where it is damaged. */
  get #recordOrNone(): GalleryRecord | undefined {
    return this.#record.isDamaged ? undefined : this.#record.current;
  }

  get #now(): string {
    return new Date(this.#options.nowMs()).toISOString();
  }

  /** @returns whether something is another one than at the last look */
  #lookAtFiles(): boolean {
    const { galleries } = this.#options.places;
    const content = this.#content.current;
    this.#gallery = content?.gallery ? galleryAt(galleries, content.gallery) : undefined;
    this.#keys = galleryKeysAt(galleries);
    const said = [content, this.#gallery?.size, this.#keys?.digest, this.#recordOrNone];
    if (said.every((one, index) => one === this.#said[index])) return false;
    this.#change((record) =>
      withSettled(withKeysInUse(withErasures(record, content?.erase ?? []), this.#keys?.digest), this.#now),
    );
    // A step that is not on disk is tried again at the next look.
    this.#said = this.#record.isUsable ? [...said.slice(0, -1), this.#recordOrNone] : [];
    return true;
  }

  /** A record that cannot be changed is in {@link faults}; what it says stays. */
  #change(step: Parameters<GalleryRecordFile['change']>[0]): void {
    try {
      this.#record.change(step);
    } catch (error) {
      if (!(error instanceof WatchpostError)) throw error;
    }
  }

  #refuseUnlawful(gateway: string): void {
    const part = this.#options.partOf(gateway);
    if (!part) throw new WatchpostError('identity.unknown_gateway');
    if (!looksForFaces(part)) throw new WatchpostError('identity.gallery_refused');
  }

  #goesOut({ gateway, serial }: Caller, holder: string, keys: string | undefined): void {
    this.#record.change((record) => this.#withHolder(record, { holder, gateway, serial, keys }));
  }

  /** @throws WatchpostError `identity.too_many_requests` for a gateway that comes with ever new folders */
  #withHolder(record: GalleryRecord, seen: HolderSeen): GalleryRecord {
    const after = withHolder(record, seen, this.#now);
    const own = after.holders.filter(({ gateway, revoked }) => gateway === seen.gateway && revoked === null);
    const { holders, holdersOfGateway } = galleryRecordPolicy;
    if (after.holders.length > Math.max(holders, record.holders.length) || own.length > holdersOfGateway)
      throw new WatchpostError('identity.too_many_requests');
    return after;
  }
}
