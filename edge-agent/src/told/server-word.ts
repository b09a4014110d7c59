import { dirname, join } from 'node:path';
import type { ErrorCode } from '@watchpost/contracts/errors';
import { sitePartSchema } from '@watchpost/contracts/site';
import { type GatewayState, parseWith, permitSchema } from '@watchpost/contracts/wire';
import type { Logger } from 'pino';
import type { ToldDevices, UnusableDevice } from '../agent/device-roster.ts';
import { monotonicMs } from '../clock/boot-clock.ts';
import type { GatewayClock } from '../clock/gateway-clock.ts';
import type { EdgeAgentConfig } from '../config.ts';
import type { ToldTopic } from '../link/mqtt-link.ts';
import { formerGalleries, type PermitInForce } from '../policy/matching-permit.ts';
import { toldPolicy } from '../policy.ts';
import { AnnouncedDocument } from './announced-document.ts';
import {
  type DoorAccess,
  fetchDocument,
  fetchGallery,
  fetchGalleryKeys,
  fetchServer,
  sendErasureReceipt,
} from './door-client.ts';
import { GalleryFolder } from './gallery-folder.ts';
import { KeptDocumentFile } from './kept-document.ts';
import { toldDevices, withoutFaces } from './told-devices.ts';
import { ToldGallery } from './told-gallery.ts';
import { type AnnouncingKey, invalid, verifyAnnouncement } from './verify-announcement.ts';

export interface ServerWordOptions {
  readonly config: EdgeAgentConfig;
  readonly door: DoorAccess;
  readonly keys: readonly AnnouncingKey[];
  readonly clock: Pick<GatewayClock, 'nowMs'>;
  readonly log: Logger;
  /** Applies what the gateway is told of its devices. */
  readonly apply: (told: ToldDevices, unusable: readonly UnusableDevice[]) => Promise<unknown>;
  /** Another permit is in force. */
  readonly onPermit: () => void;
  /** What the state says of this has changed. */
  readonly onChange: () => void;
  readonly onUnwritable: (file: string) => (error: unknown) => void;
}

/**
 * What the server tells this gateway: its site part, which it works with for ever, and its permit. The site
 * part of one that runs on the server’s own computer is its configuration file, which needs no network.
 */
export class ServerWord {
  /** The gallery that its permit names; absent where its configuration gives it one. */
  readonly gallery: ToldGallery | undefined;
  readonly #part: AnnouncedDocument<'site'>;
  readonly #permit: AnnouncedDocument<'permit'>;
  readonly #options: ServerWordOptions;
  #keys: readonly AnnouncingKey[];
  /** What the file of a local gateway says of its devices. */
  #file: ToldDevices | undefined;
  #inForce: PermitInForce | null = null;
  #revoked: ReadonlySet<string> = new Set();
  #liveAtMs: number | null = null;

  constructor(options: ServerWordOptions) {
    this.#options = options;
    this.#keys = options.keys;
    if (!options.config.gallery) this.gallery = this.#toldGallery();
    this.#part = this.#document('site', (document, { version, site, gateway }) => {
      const part = parseWith(sitePartSchema, document, 'edge.part_invalid');
      if (part.version !== version || part.site !== site || part.gateway !== gateway)
        throw invalid('document');
      const { config, clock, apply } = options;
      const { gallery } = this;
      gallery?.wanted(part.devices.some(({ kind, faces }) => kind === 'camera' && faces !== false));
      const hasGallery = gallery ? gallery.isThere : true;
      const { told, unusable } = toldDevices(part, hasGallery, dirname(config.dataFolder), clock.nowMs());
      return apply(told, unusable).then(() => undefined);
    });
    this.#permit = this.#document('permit', (document, { issued, expires }) => {
      const permit = parseWith(permitSchema, document, 'edge.part_invalid');
      const before = formerGalleries(this.#inForce, permit.gallery);
      this.#inForce = { ...permit, gallery: { ...permit.gallery, before }, issued, expires };
      this.#revoked = new Set(permit.passes.revoked);
      options.onPermit();
      this.gallery?.permitted(permit.gallery);
    });
  }

  /** The newest permit that came, whether it still holds or not; null before the first. */
  get permit(): PermitInForce | null {
    return this.#inForce;
  }

  /** Whose word counts now. */
  get keys(): readonly AnnouncingKey[] {
    return this.#keys;
  }

  /** Passes that are good no longer, by this permit. */
  get revokedPasses(): ReadonlySet<string> {
    return this.#revoked;
  }

  /** Whether the gateway runs on the server’s computer, and its devices are told by its file. */
  get isLocal(): boolean {
    return this.#options.config.told?.local !== undefined;
  }

  /** What is wrong with it. */
  get errors(): readonly ErrorCode[] {
    return [
      ...new Set([this.#part.error, this.#permit.error, this.gallery?.error].flatMap((code) => code ?? [])),
    ];
  }

  /** For the state; nothing where no server announces, because one of the last version refuses to hear it. */
  get sitePart(): GatewayState['sitePart'] {
    const isLive = this.#liveAtMs !== null && monotonicMs() - this.#liveAtMs < toldPolicy.liveForMs;
    if (!isLive) return undefined;
    const { version, error } = this.#part;
    return { version, ...(error === undefined ? {} : { error }) };
  }

  /** Takes up the permit of the last run, and its gallery. */
  restorePermit(): Promise<void> {
    return this.#permit.restore();
  }

  /** Takes up the devices of the last run. */
  async restorePart(): Promise<void> {
    if (!this.isLocal) await this.#part.restore();
  }

  /**
   * The file of the gateway says this of its devices from now on.
   * @returns what of it can run: as long as there is no gallery, without looking for faces where it is local
   */
  fileSays(told: ToldDevices): ToldDevices {
    const { gallery } = this;
    if (!this.isLocal || !gallery) return told;
    this.#file = told;
    gallery.wanted(told.devices.some((device) => device.kind === 'camera' && device.faces));
    return gallery.isThere ? told : withoutFaces(told);
  }

  /** `retained`: the broker had kept it, so it says nothing of a server that is there now. */
  announced(topic: ToldTopic, payload: Uint8Array, retained: boolean): void {
    if (!retained) {
      const wasLive = this.sitePart !== undefined;
      this.#liveAtMs = monotonicMs();
      if (!wasLive) this.#options.onChange();
    }
    if (topic === 'permit') this.#permit.announced(payload);
    else if (!this.isLocal) this.#part.announced(payload);
  }

  /** The link to the broker ended: whoever answers next is not known yet. */
  linkEnded(): void {
    this.#liveAtMs = null;
    this.gallery?.linkEnded();
  }

  async stop(): Promise<void> {
    await this.#permit.stop();
    await this.gallery?.stop();
    await this.#part.stop();
  }

  #toldGallery(): ToldGallery {
    const { config, door, log, onChange } = this.#options;
    return new ToldGallery({
      folder: new GalleryFolder(join(config.dataFolder, 'faces')),
      fetchGallery: (digest, holder, size) => fetchGallery(door, digest, holder, size),
      fetchKeys: (holder) => fetchGalleryKeys(door, holder),
      sendReceipt: (receipt) => sendErasureReceipt(door, receipt),
      onPresence: () => this.#applyAgain(),
      ...{ onChange, log },
    });
  }

  /** Cameras look for faces from now on, or no longer. */
  #applyAgain(): void {
    const { apply, log } = this.#options;
    if (!this.isLocal) {
      this.#part.again();
      return;
    }
    // Before it was asked what can run, whoever asks is told.
    if (!this.#file) return;
    apply(this.fileSays(this.#file), []).catch((error: unknown) =>
      log.error({ err: error }, 'devices not applied'),
    );
  }

  #document<K extends 'site' | 'permit'>(
    kind: K,
    take: ConstructorParameters<typeof AnnouncedDocument<K>>[0]['take'],
  ): AnnouncedDocument<K> {
    const { config, door, log, onChange, onUnwritable } = this.#options;
    const { site, gateway } = config;
    const file = kind === 'site' ? 'site-part.json' : 'permit.json';
    return new AnnouncedDocument<K>({
      ...{ kind, take, onChange, log },
      file: new KeptDocumentFile(join(config.dataFolder, file)),
      verify: (payload) => verifyAnnouncement(payload, { kind, site, gateway, keys: this.#keys }),
      learnKeys: () => this.#learnKeys(),
      fetch: ({ path, size }) => fetchDocument(door, path, size),
      onUnwritable: onUnwritable(file),
    });
  }

  async #learnKeys(): Promise<boolean> {
    const { keys } = await fetchServer(this.#options.door);
    const known = new Set(this.#keys.map(({ publicKey }) => publicKey));
    this.#keys = keys;
    return keys.some(({ publicKey }) => !known.has(publicKey));
  }
}
