import { randomUUID } from 'node:crypto';
import { pino } from 'pino';
import { AlertDueWork } from '../alerts/alert-due-work.ts';
import { flappingRule } from '../flapping/flapping.ts';
import type { Finding } from '../health/loss-finding.ts';
import { SystemEvents } from '../health/system-events.ts';
import type { IncomingEvent } from '../ingest/ingest-batch.ts';
import { Inhibition } from '../inhibition/inhibition.ts';
import type { DueKind } from '../jobs/due-step.ts';
import { DueWorker } from '../jobs/due-worker.ts';
import { devicePlace, gatewayPlace } from '../places/event-place.ts';
import { defaultPolicy } from '../policy.ts';
import { openStore } from '../store/open-store.ts';
import { embeddedStore } from './empty-cluster.ts';
import { NoticeRun } from './notice-run.ts';
import { newEpoch, StoreRun } from './store-run.ts';

type Sketch = Parameters<StoreRun['incoming']>[0];

/** A site with all that decides whom is told what when, on a clock that a test moves. */
export class BehaviourRun {
  readonly run = new StoreRun();
  readonly #ends: (() => unknown)[] = [];
  #tell: NoticeRun | undefined;
  #worker: DueWorker | undefined;
  readonly #folder: string | undefined;

  private constructor(folder?: string) {
    this.#folder = folder;
  }

  /** In memory, or in a folder that outlives a restart. */
  static async open(folder?: string): Promise<BehaviourRun> {
    const behaviour = new BehaviourRun(folder);
    await behaviour.run.open(async () => openStore(await embeddedStore(folder)));
    behaviour.#begin();
    return behaviour;
  }

  get tell(): NoticeRun {
    if (!this.#tell) throw new Error('not open');
    return this.#tell;
  }

  /** As a process that begins: with nothing in memory. */
  async restart(): Promise<void> {
    const folder = this.#folder;
    if (folder === undefined) throw new Error('only in a folder');
    await this.#stop();
    await this.run.close();
    await this.run.open(() => openStore({ kind: 'embedded', folder }));
    this.#begin();
  }

  /** Events of devices, in one commit; returns the ids of their alerts. */
  async take(...sketches: readonly Sketch[]): Promise<string[]> {
    const { nowMs } = this.tell;
    const time = new Date(nowMs).toISOString();
    const events = sketches.map((sketch) => {
      const full = { epoch: newEpoch(), time, ...sketch } as Sketch;
      return this.run.incoming(full, nowMs);
    });
    return this.#commit(events);
  }

  /** What alerting itself finds out, of a gateway or of a device. */
  async find(type: Finding['type'], id: string, data: object): Promise<string[]> {
    const { directory, site } = this.run;
    const place = devicePlace(directory, id) ?? gatewayPlace(directory, id);
    const events = new SystemEvents({ site, newId: randomUUID, nowMs: () => this.tell.nowMs });
    return this.#commit([events.make({ type, place, data } as unknown as Finding)]);
  }

  /** Time passes: what is due is done and what waits is sent, each second. */
  async pass(ms: number, eachMs = 1_000): Promise<void> {
    for (let passed = 0; passed < ms; passed += eachMs) {
      this.tell.sleep(Math.min(eachMs, ms - passed));
      await this.settle();
    }
  }

  /** What is due now is done, and what waits is sent. */
  async settle(): Promise<void> {
    await this.#worker?.look();
    await this.tell.send();
  }

  /** What a receiver was told, as `kind` alone. */
  kinds(name: string): string[] {
    return this.tell.told(name).map((one) => one.split(' ')[0] ?? '');
  }

  async close(): Promise<void> {
    await this.#stop();
    await this.run.close();
  }

  async #commit(events: readonly IncomingEvent[]): Promise<string[]> {
    const { alerts } = await this.run.commit(events, this.run.alwaysAlerting, undefined, this.tell.nowMs);
    return alerts.map(({ id }) => id);
  }

  #begin(): void {
    const { run } = this;
    const { db, changes } = run.store;
    const tell = new NoticeRun(run);
    this.#tell = tell;
    const nowMs = () => tell.nowMs;
    const { site } = run;
    const inhibition = new Inhibition({ site, nowMs });
    const { gateways, devices } = run.directory.site;
    const knownSources = new Set<string>([...gateways, ...devices.map(({ id }) => id)]);
    const work = new AlertDueWork({ site, policy: defaultPolicy, knownSources });
    const worker = new DueWorker({
      ...{ db, changes, clocks: tell.clocks, logger: pino({ level: 'silent' }) },
    });
    for (const [kind, handler] of Object.entries(work.handlers))
      worker.handle(site, kind as DueKind, handler);
    worker.handle(site, 'inhibition.end', inhibition.judgeHidden);
    this.#worker = worker;
    this.#ends.push(
      changes.judge(flappingRule({ site, policy: defaultPolicy.incidents.flapping })),
      changes.judge(inhibition.rule),
      changes.also(work.write),
      changes.also(inhibition.write),
    );
  }

  async #stop(): Promise<void> {
    for (const end of this.#ends.splice(0)) end();
    await this.#tell?.stop();
  }
}
