import type { Logger } from 'pino';
import type { KeptReceiver } from '../escalation/kept-fallback.ts';
import { noticeIdOf } from '../escalation/notice-id.ts';
import type { ServerClocks } from '../ingest/clock-steps.ts';
import type { Channels } from '../notify/channels.ts';
import type { BrokenLink } from './canary-watch.ts';
import { composeCanaryNotice } from './compose-canary-notice.ts';
import { canaryPolicy } from './policy.ts';
import { readToldLinks, type ToldLink, writeToldLinks } from './told-links.ts';

/** What {@link CanaryTeller} needs. */
export interface CanaryTellerOptions {
  /** Where it is kept who was told; without it in memory alone. */
  readonly file: string | undefined;
  /** Who stands in for others, as it is known without the database. */
  readonly standIns: () => readonly KeptReceiver[];
  /** Whether somebody is told that the database is gone: then nobody is told of the link that it is. */
  readonly isStoreGone: () => boolean;
  readonly channels: Pick<Channels, 'send'>;
  readonly clocks: ServerClocks;
  readonly logger: Logger;
}

/**
 * Tells who stands in for others, past database and outbox, that a link of the chain is broken, once, and
 * once that it is whole again. Survives a restart.
 */
export class CanaryTeller {
  readonly #options: CanaryTellerOptions;
  readonly #triedMs = new Map<string, number>();
  readonly #stopping = new AbortController();
  #links: readonly ToldLink[];

  constructor(options: CanaryTellerOptions) {
    this.#options = options;
    this.#links = readToldLinks(options.file);
  }

  stop(): void {
    this.#stopping.abort();
  }

  /** What is broken of a site now: all of it. Does not reject. */
  async take(site: ToldLink['site'], broken: readonly BrokenLink[]): Promise<void> {
    this.#keep([...this.#links, ...this.#begun(site, broken)]);
    for (const link of this.#links.filter((one) => one.site === site)) {
      const left = isBroken(link, broken) ? await this.#tellMissing(link) : await this.#tellBack(link);
      this.#keep(this.#links.flatMap((one) => (one === link ? (left ? [left] : []) : [one])));
    }
  }

  /** What nobody is told of yet, each link once. */
  #begun(site: ToldLink['site'], broken: readonly BrokenLink[]): readonly ToldLink[] {
    const known = this.#links.filter((one) => one.site === site);
    const fresh = broken.filter(
      ({ link, gateway }) =>
        !known.some((one) => one.link === link && (gateway === undefined || one.gateways.includes(gateway))),
    );
    const sinceMs = this.#options.clocks.wallMs();
    return [...new Set(fresh.map(({ link }) => link))].map((link) => ({
      ...{ site, link, sinceMs, told: [] },
      gateways: fresh.flatMap((one) => (one.link === link && one.gateway !== undefined ? [one.gateway] : [])),
    }));
  }

  async #tellMissing(link: ToldLink): Promise<ToldLink> {
    const { standIns, isStoreGone } = this.#options;
    if (link.link === 'store' && isStoreGone()) return link;
    const left = standIns().filter(({ site, id }) => site === link.site && !link.told.includes(id));
    const reached = await this.#tell(left, link, false);
    return reached.length === 0 ? link : { ...link, told: [...link.told, ...reached] };
  }

  async #tellBack(link: ToldLink): Promise<ToldLink | undefined> {
    const left = this.#options.standIns().filter(({ id }) => link.told.includes(id));
    const reached = await this.#tell(left, link, true);
    const told = left.flatMap(({ id }) => (reached.includes(id) ? [] : [id]));
    return told.length === 0 ? undefined : { ...link, told };
  }

  /** Ids of those who were reached. */
  async #tell(
    receivers: readonly KeptReceiver[],
    link: ToldLink,
    isBack: boolean,
  ): Promise<readonly KeptReceiver['id'][]> {
    const { channels, clocks, logger } = this.#options;
    const name = `${isBack} ${link.site} ${link.link} ${link.gateways.join()} ${link.sinceMs}`;
    if (receivers.length === 0 || !this.#mayTry(name)) return [];
    const outcomes = await Promise.all(
      receivers.map(async (receiver) => {
        const id = noticeIdOf(`chain ${name} ${receiver.id}`);
        const notice = composeCanaryNotice(receiver, link, { id, isBack, nowMs: clocks.wallMs() });
        const delivery = await channels.send(notice, receiver.address, this.#stopping.signal);
        if (delivery.outcome === 'sent') return [receiver.id];
        const { code } = delivery;
        logger.warn({ receiver: receiver.id, code, link: link.link }, 'a receiver was not told of the chain');
        return [];
      }),
    ).catch((err: unknown) => {
      logger.warn({ err, link: link.link }, 'nobody could be told of the chain');
      return [];
    });
    const reached = outcomes.flat();
    if (reached.length === receivers.length) this.#triedMs.delete(name);
    return reached;
  }

  /** Whether the last try was long enough ago; then this is the next one. */
  #mayTry(name: string): boolean {
    const nowMs = this.#options.clocks.monotonicMs();
    if (nowMs - (this.#triedMs.get(name) ?? Number.NEGATIVE_INFINITY) < canaryPolicy.retryMs) return false;
    this.#triedMs.set(name, nowMs);
    return true;
  }

  #keep(links: readonly ToldLink[]): void {
    if (JSON.stringify(links) === JSON.stringify(this.#links)) return;
    this.#links = links;
    try {
      writeToldLinks(this.#options.file, links);
    } catch (err) {
      // A full disk: what is in memory holds.
      this.#options.logger.warn({ err }, 'who was told of the chain could not be kept');
    }
  }
}

const isBroken = ({ link, gateways }: ToldLink, broken: readonly BrokenLink[]): boolean =>
  broken.some((one) => one.link === link && (one.gateway === undefined || gateways.includes(one.gateway)));
