import {
  type EnrolmentRequest,
  enrolmentLimits,
  enrolmentRequestSchema,
} from '@watchpost/contracts/enrolment';
import { WatchpostError } from '@watchpost/contracts/errors';
import type { SiteId } from '@watchpost/contracts/wire';
import type { Parcel } from '@watchpost/service';
import { compileGallery } from './compile-gallery.ts';
import { enrolEntry } from './enrol-entry.ts';
import { SiteFolder } from './kept/site-folder.ts';
import { PhotoGate } from './photo-gate.ts';

/** How many photos a request brings, at least and at most; none where it says nothing. */
const photosOf: Readonly<Partial<Record<EnrolmentRequest['ask'], readonly [number, number]>>> = {
  examine: [1, 1],
  enrol: [1, enrolmentLimits.photosPerRequest],
};

/** Works on one request after the other; whoever calls sees to that. */
export class RequestHandler {
  readonly #root: string;
  readonly #nowMs: () => number;
  readonly #gate = new PhotoGate();
  readonly #sites = new Map<SiteId, SiteFolder>();

  constructor(root: string, nowMs: () => number) {
    this.#root = root;
    this.#nowMs = nowMs;
  }

  /** @throws WatchpostError to answer with */
  async handle({ value, attachments }: Parcel): Promise<Parcel> {
    const parsed = enrolmentRequestSchema.safeParse(value);
    const [fewest, most] = (parsed.success ? photosOf[parsed.data.ask] : undefined) ?? [0, 0];
    if (!parsed.success || attachments.length < fewest || attachments.length > most)
      throw new WatchpostError('enrolment.request', {
        ...(parsed.success ? {} : { path: `/${parsed.error.issues[0]?.path.join('/') ?? ''}` }),
      });
    try {
      return await this.#answer(parsed.data, attachments);
    } catch (error) {
      if (error instanceof WatchpostError || !isOfDisk(error)) throw error;
      throw new WatchpostError('enrolment.storage', { cause: error });
    }
  }

  close(): Promise<void> {
    return this.#gate.close();
  }

  async #answer(request: EnrolmentRequest, photos: readonly Uint8Array[]): Promise<Parcel> {
    const site = request.ask === 'examine' ? undefined : this.#site(request.site);
    if (!site) return { value: await this.#examine(photos[0] ?? new Uint8Array()), attachments: [] };
    switch (request.ask) {
      case 'enrol':
        return { value: await enrolEntry(site, request.entry, photos, this.#gate), attachments: [] };
      case 'photo':
        return { value: {}, attachments: [site.entry(request.entry).photo(request.index)] };
      case 'remove':
        site.entry(request.entry).destroy();
        return { value: {}, attachments: [] };
      case 'compile':
        return { value: compileGallery(site, request.records, this.#nowMs()), attachments: [] };
      default: {
        const { site: renewed, entries, lost } = site.rekey();
        this.#sites.set(request.site, renewed);
        return { value: { entries, lost }, attachments: [] };
      }
    }
  }

  async #examine(photo: Uint8Array): Promise<object> {
    try {
      const { quality } = await this.#gate.admit(photo);
      return { usable: true, quality };
    } catch (error) {
      if (!(error instanceof WatchpostError) || !error.code.startsWith('enrolment.')) throw error;
      return { usable: false, code: error.code, details: error.details };
    }
  }

  #site(id: SiteId): SiteFolder {
    const known = this.#sites.get(id);
    if (known) return known;
    const site = new SiteFolder(this.#root, id);
    site.finishRekey();
    this.#sites.set(id, site);
    return site;
  }
}

const isOfDisk = (error: unknown): boolean => error instanceof Error && 'code' in error && 'syscall' in error;
