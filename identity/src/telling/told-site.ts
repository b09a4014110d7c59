import { createHash } from 'node:crypto';
import type { GatewayPart } from '@watchpost/contracts/site';
import type { Permit, SignedAnnouncement } from '@watchpost/contracts/wire';
import type { DocumentKind, DoorDocument } from '../door/door-documents.ts';
import type { AnnouncingKey } from './announcing-key.ts';
import type { VersionFile } from './version-file.ts';

interface Told {
  readonly part: GatewayPart;
  readonly site: DoorDocument & { readonly version: number };
  readonly permit: DoorDocument;
}

/**
 * What the gateways of one site are told at present: documents for the door, announcements for the broker.
 */
export class ToldSite {
  readonly id: string;
  readonly key: AnnouncingKey;
  readonly #versions: VersionFile;
  readonly #nowMs: () => number;
  #told: ReadonlyMap<string, Told> = new Map();
  #permitVersion = 0;

  constructor(
    id: string,
    parts: { readonly key: AnnouncingKey; readonly versions: VersionFile; readonly nowMs: () => number },
  ) {
    this.id = id;
    this.key = parts.key;
    this.#versions = parts.versions;
    this.#nowMs = parts.nowMs;
  }

  /** The gateways that are told something. */
  get gateways(): readonly string[] {
    return [...this.#told.keys()];
  }

  /**
   * Takes the parts of all gateways of the site; gateways that are not among them are told nothing more.
   * @returns the gateways that are told another part than before, and those that are told nothing more
   */
  tell(
    parts: readonly GatewayPart[],
    permitOf: (part: GatewayPart) => Permit,
  ): { changed: string[]; gone: string[] } {
    const before = this.#told;
    this.#told = new Map(
      parts.map((part) => {
        const { digest: content } = documentOf(part);
        const version = this.#versions.versionOf(part.gateway, content, this.#nowMs());
        const known = before.get(part.gateway)?.site;
        const site = known?.version === version ? known : { ...documentOf({ ...part, version }), version };
        return [part.gateway, { part, site, permit: documentOf(permitOf(part)) }];
      }),
    );
    return {
      changed: [...this.#told].flatMap(([gateway, { site }]) =>
        before.get(gateway)?.site.version === site.version ? [] : [gateway],
      ),
      gone: [...before.keys()].filter((gateway) => !this.#told.has(gateway)),
    };
  }

  /** What a gateway is told of the site; undefined for one that is told nothing. */
  partOf(gateway: string): GatewayPart | undefined {
    return this.#told.get(gateway)?.part;
  }

  /** Makes all permits anew. @returns the gateways whose permit is another one than before */
  permit(permitOf: (part: GatewayPart) => Permit): string[] {
    const before = this.#told;
    this.#told = new Map(
      [...before].map(([gateway, told]) => {
        const permit = documentOf(permitOf(told.part));
        return [gateway, permit.digest === told.permit.digest ? told : { ...told, permit }];
      }),
    );
    return [...this.#told].flatMap(([gateway, told]) => (before.get(gateway) === told ? [] : gateway));
  }

  /** A document of a gateway. */
  find(gateway: string, kind: DocumentKind): DoorDocument | undefined {
    return this.#told.get(gateway)?.[kind];
  }

  /** The announcement of a gateway’s site part. */
  announceSite(gateway: string): SignedAnnouncement | undefined {
    const part = this.#told.get(gateway)?.site;
    if (!part) return undefined;
    const { version, digest, bytes } = part;
    return this.key.sign({
      kind: 'site',
      ...this.#of(gateway),
      ...{ version, digest, size: bytes.byteLength, path: '/site-part' },
    });
  }

  /** The announcement of a gateway’s permit, good for `lifeMs` from now on. */
  announcePermit(gateway: string, lifeMs: number): SignedAnnouncement | undefined {
    const permit = this.#told.get(gateway)?.permit;
    if (!permit) return undefined;
    const nowMs = this.#nowMs();
    // Each renewal is a version of its own, also when the clock of the server is set back.
    this.#permitVersion = Math.max(this.#permitVersion + 1, nowMs);
    return this.key.sign({
      kind: 'permit',
      ...this.#of(gateway),
      ...{ version: this.#permitVersion, digest: permit.digest, size: permit.bytes.byteLength },
      path: '/permit',
      issued: new Date(nowMs).toISOString(),
      expires: new Date(nowMs + lifeMs).toISOString(),
    });
  }

  /** The ids were checked when the site was read. */
  #of(gateway: string) {
    return { site: this.id, gateway } as { site: GatewayPart['site']; gateway: never };
  }
}

function documentOf(value: unknown): DoorDocument {
  const bytes = Buffer.from(JSON.stringify(value));
  return { bytes, digest: createHash('sha256').update(bytes).digest('hex') };
}
