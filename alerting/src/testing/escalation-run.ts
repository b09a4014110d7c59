import { randomUUID } from 'node:crypto';
import type { Alert, Severity } from '@watchpost/contracts/alert';
import type { EscalationStep, EscalationTarget } from '@watchpost/contracts/api';
import { pino } from 'pino';
import { revise } from '../alerts/alert-revision.ts';
import { entriesOf } from '../alerts/change-entry.ts';
import { Auditor } from '../escalation/auditor.ts';
import { DutyNow } from '../escalation/duty-now.ts';
import { EscalationDueWork } from '../escalation/escalation-due-work.ts';
import { escalationWriter } from '../escalation/escalation-writer.ts';
import type { DueKind } from '../jobs/due-step.ts';
import { DueWorker } from '../jobs/due-worker.ts';
import { defaultPolicy } from '../policy.ts';
import { lockAlert, updateAlert } from '../store/alert-store.ts';
import { savePolicy } from '../store/escalation-policy-store.ts';
import { NoticeRun } from './notice-run.ts';
import { newEpoch, type StoreRun } from './store-run.ts';
import { candidate } from './test-events.ts';

const minuteMs = 60_000;

/** People of a store’s site who are told by steps, with a clock that a test moves. */
export class EscalationRun {
  readonly notices: NoticeRun;
  /** Accounts of who is on duty by a rota. */
  readonly onDuty = new Map<string, string>();
  /** Codes that the auditor told last. */
  faults: readonly string[] = [];
  readonly auditor: Auditor;
  readonly worker: DueWorker;
  readonly #run: StoreRun;
  readonly #opened: string[] = [];
  readonly #accounts: string[] = [];

  constructor(run: StoreRun) {
    this.#run = run;
    this.notices = new NoticeRun(run);
    const { site, store } = run;
    const logger = pino({ level: 'silent' });
    const { clocks } = this.notices;
    this.worker = new DueWorker({ db: store.db, changes: store.changes, clocks, logger });
    this.auditor = new Auditor({
      ...{ sites: [site], db: store.audit, nowMs: clocks.wallMs, logger },
      faults: (_site, codes) => {
        this.faults = codes;
      },
    });
    const duty = {
      onDuty: async (_site: string, rota: string) => {
        // As long as a transaction is open there is no answer where there is one connection.
        await store.db.selectFrom('duty_rota').select('id').limit(1).execute();
        const person = this.onDuty.get(rota);
        return person === undefined ? undefined : { person, cause: { kind: 'rotation', layer: 0 } as const };
      },
    };
    const work = new EscalationDueWork({
      ...{ site, policy: defaultPolicy, expect: () => undefined, written: () => undefined },
      duty: new DutyNow({ site, duty, clocks, logger, known: () => undefined }),
      reachedNobody: () => undefined,
    });
    for (const [kind, handler] of Object.entries(work.handlers))
      this.worker.handle(site, kind as DueKind, handler);
    this.notices.book.also(
      escalationWriter({ site, policy: defaultPolicy, nowMs: clocks.wallMs, expect: () => undefined }),
    );
  }

  /** A person with a verified receiver; gives the id of the account. The name is the receiver’s too. */
  async person(name: string, isVerified = true): Promise<string> {
    const { db } = this.#run.store;
    const account = `${name}-${this.#run.name}-${randomUUID().slice(0, 4)}`;
    this.#accounts.push(account);
    const { id } = await db
      .insertInto('account')
      .values({ name: account, password: '', display_name: name })
      .returning('id')
      .executeTakeFirstOrThrow();
    const receiver = await this.notices.receiver(name, [], { account });
    if (isVerified)
      await db
        .updateTable('receiver')
        .set({ verified_at: new Date().toISOString() })
        .where('id', '=', receiver)
        .execute();
    return id;
  }

  /** The name by which a person logs in. */
  async accountOf(id: string): Promise<string> {
    const { db } = this.#run.store;
    return (await db.selectFrom('account').select('name').where('id', '=', id).executeTakeFirstOrThrow())
      .name;
  }

  /** A policy for everything. Steps are minutes after the one before, and whom they tell. */
  async policy(
    steps: readonly (readonly [number, readonly EscalationTarget[], Partial<EscalationStep>?])[],
    id: string = randomUUID(),
  ): Promise<string> {
    await savePolicy(this.#run.store.db, this.#run.site, {
      ...{ id, version: 1, name: 'night', place: 1, zones: null, concerns: null },
      severities: ['critical', 'high', 'medium', 'low'],
      changedAt: new Date(this.notices.nowMs).toISOString(),
      steps: steps.map(([minutes, targets, more]) => ({
        ...{ waitSeconds: minutes * 60, targets: [...targets] },
        ...{ channels: null, onlyFor: null, repeat: null, ...more },
      })),
    });
    return id;
  }

  /** Opens an alert, and with it an incident of its own; gives the id of both. */
  async open(severity: Severity = 'high'): Promise<string> {
    const entry = randomUUID().slice(0, 8);
    const sketch = candidate('watch', { epoch: newEpoch(), device: 'cam1' });
    const event = this.#run.incoming({ ...sketch, data: { ...sketch.data, entry } } as typeof sketch);
    const { alerts } = await this.#run.commit([event], this.#run.alwaysAlerting);
    const [alert] = alerts;
    if (!alert) throw new Error('no alert');
    this.#opened.push(alert.id);
    if (alert.severity !== severity) await this.change(alert.id, { severity });
    return alert.id;
  }

  /** Changes an alert as something would that has no place here. */
  async change(id: string, parts: Partial<Alert>): Promise<void> {
    const { store, site } = this.#run;
    await store.changes.commit(async (tx, append) => {
      const alert = await lockAlert(tx, site, id);
      if (!alert) throw new Error('no alert');
      const after = revise(alert, parts, new Date(this.notices.nowMs).toISOString());
      await updateAlert(tx, after);
      await append(entriesOf(alert, after, []));
    });
  }

  /** Time passes, with a look every half minute; what is due is done and sent. */
  async pass(minutes: number): Promise<void> {
    await this.#look();
    for (let passed = 0; passed < minutes * minuteMs; passed += minuteMs / 2) {
      this.notices.sleep(minuteMs / 2);
      await this.#look();
    }
  }

  async #look(): Promise<void> {
    // Who is on duty is answered after the first look.
    for (let looks = 0; looks < 3; looks++) await this.worker.look();
    await this.notices.send();
  }

  async end(): Promise<void> {
    const { store, site } = this.#run;
    for (const id of this.#opened.splice(0))
      for (const to of ['acknowledged', 'resolved', 'closed'] as const)
        await this.#run.step(id, { to, disposition: 'test' }).catch(() => undefined);
    await this.notices.end();
    const { db } = store;
    await db.deleteFrom('escalation_policy').where('site', '=', site).execute();
    await db
      .deleteFrom('due')
      .where('site', '=', site)
      .where('kind', 'in', ['escalation.step', 'escalation.reminder', 'escalation.return'])
      .execute();
    if (this.#accounts.length > 0)
      await db.deleteFrom('account').where('name', 'in', this.#accounts.splice(0)).execute();
  }
}
