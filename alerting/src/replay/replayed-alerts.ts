import type { Alert, Severity } from '@watchpost/contracts/alert';
import { parseSource, type StoredEvent } from '@watchpost/contracts/wire';
import type { OpenAlertCount } from '../alerts/alert-cap.ts';
import type { AlertChange } from '../alerts/alert-lifecycle.ts';
import { subjectOf } from '../alerts/alert-subject.ts';
import { causeEnd } from '../alerts/condition-rules.ts';
import { type AlertBook, type AssessedEvent, decideEvent } from '../alerts/decide-event.ts';
import type { SiteDirectory } from '../places/site-directory.ts';
import type { AlertingPolicy } from '../policy.ts';
import { mayAlert, scoreEvent } from '../risk/event-risk.ts';
import { contextOf, estimatedContext } from '../risk/risk-context.ts';
import { type RuleSet, severityOf } from '../risk/rule-set.ts';
import type { LiveAlert, LiveStep } from './live-alert.ts';
import { MinHeap } from './min-heap.ts';
import { replayPolicy } from './policy.ts';
import type { ReplayDifferences } from './replay-differences.ts';
import type { ReplayEvent } from './replay-event.ts';

/** An alert as the replay has it. */
interface Replayed {
  alert: Alert;
  /** The one that there was, once they share an event. */
  live?: Live;
  readonly isBefore: boolean;
}

/** An alert that there was, while the replay may still meet it. */
interface Live extends LiveAlert {
  replayed?: Replayed;
  /** The highest score of its events so far. */
  score: number;
  steps: number;
}

type Due =
  | { readonly what: 'step'; readonly step: LiveStep }
  | { readonly what: 'over'; readonly live: Live }
  | { readonly what: 'settle'; readonly gateway: string };

/** What replayed alerts are decided by. */
export interface ReplayRules {
  readonly rules: RuleSet;
  readonly policy: AlertingPolicy;
  readonly directory: SiteDirectory;
  /** By which the alerts that there were are judged, where more events joined them after the window. */
  readonly before: AlertingPolicy['risk']['severities'];
}

/**
 * Alerts as they would have been under other rules. Takes the events in the order in which they came, and the
 * steps of officers on the alerts that there were: whoever ended such an alert has ended the one that the
 * replay has in its place. An alert that nobody had stays open, because nobody could end it.
 */
export class ReplayedAlerts {
  readonly #with: ReplayRules;
  readonly #differences: ReplayDifferences;
  readonly #open = new Map<string, Replayed>();
  /** Groups with an open alert of each device, in the order in which they opened. */
  readonly #ofDevice = new Map<string, string[]>();
  readonly #clearings = new Map<string, string>();
  readonly #live = new Map<string, Live>();
  readonly #conditions = new Map<string, AssessedEvent>();
  /** Gateways whose backlog comes: when it began with what may still hold, and when it counts as through. */
  readonly #backlogs = new Map<string, { readonly beganMs: number; throughMs: number }>();
  readonly #due = new MinHeap<Due>();
  readonly #book: AlertBook;
  #made = 0;

  constructor(rules: ReplayRules, differences: ReplayDifferences) {
    this.#with = rules;
    this.#differences = differences;
    this.#book = {
      unresolved: (group) => this.#open.get(group)?.alert,
      openCount: (device) => this.#openCount(device),
      clearedAt: (group) => this.#clearings.get(group) ?? '',
      noteClearing: (group, time) => void this.#clearings.set(group, time),
      keep: (group, { alert }) => {
        const replayed = this.#open.get(group);
        if (replayed) replayed.alert = alert;
      },
      open: (group, change) => this.#opened(group, change),
    };
  }

  /** Takes note of alerts that there were, and of the steps on them, before the events that opened them. */
  note(alerts: readonly LiveAlert[], steps: readonly LiveStep[]): void {
    for (const each of alerts) {
      const live: Live = { ...each, score: each.isBefore ? each.alert.risk.score : 0, steps: 0 };
      this.#live.set(each.alert.id, live);
      if (!each.isBefore) this.#differences.before += 1;
      else {
        const replayed: Replayed = { alert: { ...each.alert, state: 'open' }, live, isBefore: true };
        live.replayed = replayed;
        this.#put(each.groupKey, replayed);
      }
    }
    for (const step of steps) {
      const live = this.#live.get(step.alert);
      if (live) live.steps += 1;
      this.#due.push(step.atMs, { what: 'step', step });
    }
  }

  /** Takes the next event. */
  take(replay: ReplayEvent): void {
    this.advance(replay.receivedMs);
    const { event, receivedMs } = replay;
    const { groupKey } = subjectOf(event);
    const live = this.#liveOf(replay, groupKey);
    const overtaken = this.#follow(live, groupKey);
    const assessed = this.#assess(replay);
    const alerts = assessed.alerts;
    const id = decideEvent(this.#book, { ...assessed, alerts: alerts && !replay.late }, this.#decisions);
    if (live && live.groupKey === groupKey) live.score = Math.max(live.score, replay.score);
    this.#link(groupKey, id, live);
    if (overtaken) this.#remove(groupKey);
    if (!replay.late) return;
    const backlog = this.#backlogs.get(replay.gateway);
    const { quietMs, atMostMs } = this.#with.policy.settle;
    if (backlog) backlog.throughMs = Math.min(backlog.beganMs + atMostMs, receivedMs + quietMs);
    if (alerts && causeEnd(event.type) === 'by_event') this.#wait(groupKey, assessed, replay);
  }

  /** Does what is due until then. */
  advance(nowMs: number): void {
    while (this.#due.next <= nowMs) {
      const due = this.#due.pop();
      if (due?.what === 'step') this.#step(due.step);
      else if (due?.what === 'over') this.#over(due.live);
      else if (due) this.#settleBacklog(due.gateway, nowMs);
    }
  }

  /** Nothing comes any more. */
  end(nowMs: number): void {
    this.advance(nowMs);
    for (const condition of [...this.#conditions.values()]) this.#settle(condition);
    for (const live of [...this.#live.values()]) this.#over(live);
    for (const { alert, live, isBefore } of this.#open.values())
      if (!isBefore && !live) this.#differences.appears(alert);
  }

  get #decisions() {
    return { policy: this.#with.policy, newId: () => `replayed-${++this.#made}` };
  }

  #assess(replay: ReplayEvent): AssessedEvent {
    const { rules, directory } = this.#with;
    const { event, gateway, receivedMs, timeMs, context, factors = [] } = replay;
    if (!context) this.#differences.estimated += 1;
    const stored = context ?? estimatedContext(event, factors, directory);
    const around = contextOf(stored, receivedMs - timeMs);
    return {
      ...{ event, gateway, cell: '' },
      risk: scoreEvent(event, around, rules),
      receivedAt: new Date(receivedMs).toISOString(),
      alerts: mayAlert(event, around, rules),
      lifeSafety: rules.ruleFor(event).lifeSafety,
    };
  }

  /** The alert of this group to which the event belongs. */
  #liveOf({ alert }: ReplayEvent, groupKey: string): Live | undefined {
    const live = alert === null ? undefined : this.#live.get(alert);
    return live?.groupKey === groupKey ? live : undefined;
  }

  /**
   * An event tells which alert of its group was open when it was committed, and a step may have been
   * committed between its arrival and that.
   * @returns whether the alert of before is open for this event alone
   */
  #follow(live: Live | undefined, groupKey: string): boolean {
    if (!live) return false;
    const open = this.#open.get(groupKey);
    if (open?.live && open.live !== live) this.#remove(groupKey);
    if (this.#open.has(groupKey) || !live.replayed) return false;
    this.#put(groupKey, live.replayed);
    return true;
  }

  #link(groupKey: string, id: string | null, live: Live | undefined): void {
    const open = this.#open.get(groupKey);
    if (!live || !open || open.alert.id !== id) return;
    open.live ??= live;
    live.replayed ??= open;
  }

  /** A late alarm waits until the backlog of its gateway is through: its clearing may be in it. */
  #wait(groupKey: string, assessed: AssessedEvent, { gateway, timeMs, receivedMs }: ReplayEvent): void {
    const known = this.#conditions.get(groupKey);
    if (known && known.event.time >= assessed.event.time) return;
    const condition = { ...assessed, lateMs: receivedMs - timeMs, alerts: true };
    this.#conditions.set(groupKey, condition);
    if (this.#backlogs.has(gateway)) return;
    const throughMs = receivedMs + this.#with.policy.settle.quietMs;
    this.#backlogs.set(gateway, { beganMs: receivedMs, throughMs });
    this.#due.push(throughMs, { what: 'settle', gateway });
  }

  #settleBacklog(gateway: string, nowMs: number): void {
    const backlog = this.#backlogs.get(gateway);
    if (!backlog) return;
    if (backlog.throughMs > nowMs) {
      this.#due.push(backlog.throughMs, { what: 'settle', gateway });
      return;
    }
    this.#backlogs.delete(gateway);
    for (const condition of [...this.#conditions.values()])
      if (condition.gateway === gateway) this.#settle(condition);
  }

  #settle(condition: AssessedEvent): void {
    const { event, receivedAt } = condition;
    const { groupKey } = subjectOf(event);
    if (this.#conditions.get(groupKey) !== condition) return;
    this.#conditions.delete(groupKey);
    // What it left was an alert that opened when it had come: then it held, whatever else is known now.
    const live = [...this.#live.values()].find(
      ({ alert, ...one }) =>
        one.groupKey === groupKey && alert.openedAt === receivedAt && alert.lateMs !== undefined,
    );
    if (live) live.score = Math.max(live.score, live.alert.risk.score);
    if (!live && event.time <= (this.#clearings.get(groupKey) ?? '')) return;
    // As ingest: what a backlog leaves opens an alert however many its device has.
    const book = { ...this.#book, openCount: () => undefined };
    this.#link(groupKey, decideEvent(book, condition, this.#decisions), live);
  }

  #step({ alert, atMs, ends }: LiveStep): void {
    const live = this.#live.get(alert);
    if (!live) return;
    live.steps -= 1;
    const { groupKey, replayed } = live;
    if (ends) {
      if (replayed && this.#open.get(groupKey) === replayed) this.#remove(groupKey);
      if (live.steps === 0) this.#due.push(atMs + replayPolicy.overtakenMs, { what: 'over', live });
    } else if (replayed && !this.#open.has(groupKey)) this.#put(groupKey, replayed);
  }

  /** No event can join it any more. */
  #over(live: Live): void {
    const { alert, isBefore, replayed } = live;
    this.#live.delete(alert.id);
    if (isBefore) return;
    if (!replayed) this.#differences.vanishes(alert);
    else this.#differences.stays(alert, this.#severityOf(live), replayed.alert);
  }

  /** Its severity when the window ended. */
  #severityOf({ alert, score }: Live): Severity {
    return score < alert.risk.score ? severityOf(score, this.#with.before) : alert.severity;
  }

  #opened(groupKey: string, { alert }: AlertChange): void {
    this.#differences.after += 1;
    this.#put(groupKey, { alert, isBefore: false });
  }

  #put(groupKey: string, replayed: Replayed): void {
    this.#open.set(groupKey, replayed);
    const { device } = replayed.alert;
    const groups = this.#ofDevice.get(device);
    if (groups) groups.push(groupKey);
    else this.#ofDevice.set(device, [groupKey]);
  }

  #remove(groupKey: string): void {
    const device = this.#open.get(groupKey)?.alert.device;
    this.#open.delete(groupKey);
    if (device === undefined) return;
    const left = this.#ofDevice.get(device)?.filter((group) => group !== groupKey) ?? [];
    if (left.length > 0) this.#ofDevice.set(device, left);
    else this.#ofDevice.delete(device);
  }

  #openCount(device: string): OpenAlertCount | undefined {
    const groups = this.#ofDevice.get(device);
    const lastGroup = groups?.at(-1);
    return groups && lastGroup !== undefined ? { count: groups.length, lastGroup } : undefined;
  }
}

/** For the order of events that came at the same time: that of their gateway. */
export const byPosition = (a: ReplayEvent, b: ReplayEvent): number =>
  positionText(a.event) < positionText(b.event)
    ? -1
    : positionText(a.event) > positionText(b.event)
      ? 1
      : a.seq - b.seq;

const positionText = (event: StoredEvent): string =>
  `${parseSource(event.source).site} ${event.gateway} ${event.epoch}`;
