import type { SiteId } from '@watchpost/contracts/wire';
import { isUnresolved, takeBackForgotten } from '../alerts/alert-lifecycle.ts';
import { type ChangeEntry, entriesOf } from '../alerts/change-entry.ts';
import type { DueHandler } from '../jobs/due-handler.ts';
import type { DueKind, DueRow, DueStep } from '../jobs/due-step.ts';
import type { AlertingPolicy } from '../policy.ts';
import { lockFreeAlerts, updateAlerts } from '../store/alert-store.ts';
import { writeDue } from '../store/due-store.ts';
import {
  lockFreeRuns,
  progressRun,
  type RunRow,
  reachedAccount,
  reachedBy,
  standIns,
  writePages,
} from '../store/escalation-store.ts';
import { lockFreeIncident, unresolvedMembers } from '../store/incident-store.ts';
import type { Queryable } from '../store/schema.ts';
import type { DutyNow } from './duty-now.ts';
import { nextStep } from './next-step.ts';

/** What {@link EscalationDueWork} needs. */
export interface EscalationDueWorkOptions {
  readonly site: SiteId;
  readonly policy: Pick<AlertingPolicy, 'escalation'>;
  readonly duty: Pick<DutyNow, 'ask'>;
  readonly expect: (atMs: number) => void;
  /** Told that notices wait to be sent. */
  readonly written: () => void;
  /** Told that a step reached nobody. */
  readonly reachedNobody: () => void;
}

type EscalationKind = Extract<DueKind, `escalation.${string}`>;
type Act = (tx: Queryable, run: RunRow, step: DueStep, nowMs: number) => Promise<Done | 'busy'>;
interface Done {
  readonly rows?: readonly DueRow[];
  readonly entries?: readonly ChangeEntry[];
}

/** Tells people of a site by steps, and asks again who has forgotten what they took. */
export class EscalationDueWork {
  readonly #options: EscalationDueWorkOptions;
  /** A step of what is being carried out reached nobody. */
  #hasEmpty = false;

  constructor(options: EscalationDueWorkOptions) {
    this.#options = options;
  }

  /** Who carries out what. */
  get handlers(): Readonly<Record<EscalationKind, DueHandler>> {
    return {
      'escalation.step': this.#carryOut('running', (tx, run, _step, nowMs) => this.#take(tx, run, nowMs)),
      'escalation.reminder': this.#carryOut('acknowledged', (tx, run, _step, nowMs) =>
        this.#remind(tx, run, nowMs),
      ),
      'escalation.return': this.#carryOut('acknowledged', (tx, run, _step, nowMs) =>
        this.#takeBack(tx, run, nowMs),
      ),
    };
  }

  /** What has changed since it was written does nothing. */
  #carryOut(state: RunRow['state'], act: Act): DueHandler {
    const { site, expect, written } = this.#options;
    return async (tx, steps, nowMs) => {
      const { locked, busy: isBusy } = await lockFreeRuns(
        tx,
        site,
        steps.map(({ key }) => key),
      );
      const busy = steps.filter(({ key }) => isBusy.has(key));
      const rows: DueRow[] = [];
      const entries: ChangeEntry[] = [];
      for (const step of steps) {
        const run = locked.get(step.key);
        if (!run || run.version !== step.version || run.state !== state) continue;
        const done = await act(tx, run, step, nowMs);
        if (done === 'busy') busy.push(step);
        else {
          rows.push(...(done.rows ?? []));
          entries.push(...(done.entries ?? []));
        }
      }
      await writeDue(tx, rows);
      const afterwards = () => {
        if (rows.length > 0) expect(Math.min(...rows.map(({ atMs }) => atMs)));
        if (this.#hasEmpty) this.#options.reachedNobody();
        this.#hasEmpty = false;
        written();
      };
      return { entries, busy, afterwards };
    };
  }

  /** Takes the step that is next, and those after it as long as they reach nobody. */
  async #take(tx: Queryable, run: RunRow, nowMs: number): Promise<Done | 'busy'> {
    const { site } = this.#options;
    const taken = await this.#reached(tx, run);
    if (taken === 'busy') return 'busy';
    const { receivers, isEmpty, next } = taken;
    // The end of it reached nobody either: who stands in for others is told.
    const told = receivers.length > 0 || !isEmpty ? receivers : await standIns(tx, site);
    await writePages(tx, run, told, { round: run.pages }, nowMs);
    const version = run.version + 1;
    const { step, round, state } = next;
    await progressRun(tx, run, { version, step, round, state, isEmpty, pages: run.pages + 1 }, nowMs);
    if (isEmpty) this.#hasEmpty = true;
    if (next.state === 'ended') return {};
    const { waitMs } = next;
    const row = { site, kind: 'escalation.step', key: run.subject, version, waitMs } as const;
    return { rows: [{ ...row, atMs: nowMs + waitMs }] };
  }

  async #reached(tx: Queryable, run: RunRow) {
    const { site } = this.#options;
    let at = { step: run.step, round: run.round };
    let isEmpty = false;
    for (;;) {
      const step = run.steps[at.step];
      if (!step) {
        const next = { state: 'ended' as const, ...at };
        return { receivers: [], isEmpty, next };
      }
      if (step.onlyFor && !step.onlyFor.includes(run.severity)) {
        const next = nextStep(run.steps, at, 'not_meant');
        return { receivers: [], isEmpty, next };
      }
      const receivers: string[] = [];
      const people: string[] = [];
      for (const target of step.targets) {
        if (target.kind === 'receiver') receivers.push(target.receiver);
        if (target.kind === 'person') people.push(target.account);
        if (target.kind !== 'rota') continue;
        const person = this.#options.duty.ask(target.rota);
        if (person === undefined) return 'busy' as const;
        if (person !== null) people.push(person);
      }
      const reached = await reachedBy(tx, site, { receivers, people, channels: step.channels });
      if (reached.length > 0)
        return {
          ...{ receivers: reached.map(({ receiver }) => receiver), isEmpty },
          next: nextStep(run.steps, at, 'reached'),
        };
      isEmpty = true;
      const next = nextStep(run.steps, at, 'nobody');
      if (next.state === 'ended' || next.waitMs > 0) return { receivers: [], isEmpty, next };
      at = next;
    }
  }

  /** Whoever said that they take care of it is asked. */
  async #remind(tx: Queryable, run: RunRow, nowMs: number): Promise<Done> {
    const { site, policy } = this.#options;
    const { version, subject: key, step, round, state } = run;
    const receivers = await reachedAccount(tx, site, run.acknowledged_by ?? '');
    const pages = run.pages + 1;
    await writePages(tx, run, receivers, { round: pages, isReminder: true }, nowMs);
    await progressRun(tx, run, { version, step, round, state, pages }, nowMs);
    const { returnsAfterMs: waitMs } = policy.escalation;
    return {
      rows: [{ site, kind: 'escalation.return', key, version, waitMs, atMs: nowMs + waitMs }],
    };
  }

  /** Nobody takes care of it any more, as far as we know: steps go on where they stopped. */
  async #takeBack(tx: Queryable, run: RunRow, nowMs: number): Promise<Done | 'busy'> {
    const { site } = this.#options;
    // Who changes it holds it, and waits for the run that we hold.
    const incident = await lockFreeIncident(tx, site, run.subject);
    if (incident === 'busy') return 'busy';
    if (incident?.state !== 'acknowledged') return {};
    const alerts = await unresolvedMembers(tx, site, run.subject);
    const { locked, busy } = await lockFreeAlerts(tx, site, alerts);
    if (busy.size > 0) return 'busy';
    const at = new Date(nowMs).toISOString();
    const changes = [...locked.values()].flatMap((before) => {
      if (before.state === 'open' || !isUnresolved(before.state)) return [];
      return [{ before, ...takeBackForgotten(before, at) }];
    });
    if (changes.length === 0) return {};
    await updateAlerts(
      tx,
      changes.map(({ alert }) => alert),
    );
    const entries = changes.flatMap(({ before, alert, steps }) => entriesOf(before, alert, steps));
    const { step, round, subject: key } = run;
    // What had come to its end begins again, as with any change that people are told of.
    if (run.steps[step] === undefined) return { entries };
    const version = run.version + 1;
    const again = { seq: incident.version + 1, at };
    await progressRun(tx, run, { version, step, round, pages: 0, state: 'running', ...again }, nowMs);
    return { entries, rows: [{ site, kind: 'escalation.step', key, version, waitMs: 0, atMs: nowMs }] };
  }
}
