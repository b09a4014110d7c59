import { randomUUID } from 'node:crypto';
import type { TransitionRequest } from '@watchpost/contracts/api';
import type { Site } from '@watchpost/contracts/site';
import type { WatchpostEvent } from '@watchpost/contracts/wire';
import { type StepResult, takeOfficerStep } from '../alerts/officer-step.ts';
import { type CommitResult, commitBatch } from '../ingest/commit-batch.ts';
import { emptyBatch, type IncomingEvent } from '../ingest/ingest-batch.ts';
import { siteDirectory } from '../places/site-directory.ts';
import { defaultPolicy } from '../policy.ts';
import { defaultRuleSet, type RuleSet } from '../risk/rule-set.ts';
import { findAlert } from '../store/alert-store.ts';
import type { Store } from '../store/open-store.ts';
import { type EventSketch, testEvent } from './test-events.ts';
import { testSite } from './test-site.ts';

type Sketch =
  | EventSketch<'watchpost.sensor.alarm.v1'>
  | EventSketch<'watchpost.sensor.cleared.v1'>
  | EventSketch<'watchpost.tamper.cover.v1'>
  | EventSketch<'watchpost.face.candidate.v1'>
  | EventSketch<'watchpost.line.crossed.v1'>
  | EventSketch<'watchpost.panic.pressed.v1'>
  | EventSketch<'watchpost.report.received.v1'>
  | EventSketch<'watchpost.tamper.video_loss.v1'>
  | EventSketch<'watchpost.tamper.cleared.v1'>
  | EventSketch<'watchpost.pass.rejected.v1'>;

/** An epoch that nobody else has. */
export const newEpoch = (): string => randomUUID().replaceAll('-', '');

/**
 * One run of the contract: a site, epochs and accounts of its own, so that it can meet a database with data
 * in it.
 */
export class StoreRun {
  readonly name = randomUUID().slice(0, 8);
  readonly site = `site-${this.name}` as Site['id'];
  readonly directory = siteDirectory({ ...testSite, id: this.site });
  #store: Store | undefined;

  get store(): Store {
    if (!this.#store) throw new Error('not open');
    return this.#store;
  }

  async open(open: () => Promise<Store>): Promise<void> {
    this.#store = await open();
  }

  async close(): Promise<void> {
    await this.#store?.close();
  }

  incoming(sketch: Sketch, receivedMs = Date.now()): IncomingEvent {
    const event = { ...testEvent(sketch) } as WatchpostEvent;
    const device = this.directory.device(sketch.device ?? 'smoke1');
    if (!device) throw new Error('no such device');
    event.source = event.source.replace('/sites/test/', `/sites/${this.site}/`);
    const late = receivedMs - Date.parse(event.time) > 600_000;
    return { event, gateway: event.gateway, device, topic: 't', receivedMs, late };
  }

  /** Rules that let whatever may alert do so at any time. */
  readonly alwaysAlerting: RuleSet = {
    ...defaultRuleSet,
    ruleFor: (event) => ({ ...defaultRuleSet.ruleFor(event), alert: 'always' }),
  };

  commit(
    events: readonly IncomingEvent[],
    rules = defaultRuleSet,
    site?: Site,
    nowMs = Date.now(),
  ): Promise<CommitResult> {
    const directory = site ? siteDirectory(site) : this.directory;
    const context = { directory, rules, policy: defaultPolicy, newId: randomUUID, nowMs };
    return commitBatch(this.store.changes, { ...emptyBatch, events }, context);
  }

  /** The backlog of these gateways is through. */
  settle(gateways: readonly string[], rules = defaultRuleSet): Promise<CommitResult> {
    const { directory } = this;
    const context = { directory, rules, policy: defaultPolicy, newId: randomUUID, nowMs: Date.now() };
    return commitBatch(this.store.changes, { ...emptyBatch, settled: gateways }, context);
  }

  /** An officer's step on what the store has now. */
  async step(
    id: string,
    request: Omit<TransitionRequest, 'id' | 'version'> & Partial<TransitionRequest>,
    actor = 'officer',
    nowMs = Date.now(),
  ): Promise<StepResult> {
    const version = (await findAlert(this.store.db, this.site, id))?.version ?? 1;
    return takeOfficerStep(
      this.store.changes,
      this.site,
      id,
      { id: randomUUID(), version, ...request },
      actor,
      nowMs,
    );
  }

  async storedSeqs(epoch: string): Promise<number[]> {
    const rows = await this.store.db.selectFrom('event').select('seq').where('epoch', '=', epoch).execute();
    return rows.map(({ seq }) => seq).sort((a, b) => a - b);
  }
}
