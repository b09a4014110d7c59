import type { JobKind } from './scheduler.ts';

/** Kinds of work that wait in the table `due`. */
export type DueKind =
  /** The cause of an alert that no event ends counts as over. */
  | 'alert.clear'
  /** An alert that was resolved while its cause lasts opens again. */
  | 'alert.reopen'
  /** What keeps people from being told of an alert is over. */
  | 'alert.unsuppress'
  /** A silence begins, or was changed: its alerts are kept quiet, or not any more. */
  | 'silence.apply'
  /** The author of a silence is told that it ends. */
  | 'silence.notice'
  /** Writes what a version before this table kept in memory. */
  | 'alert.rebuild'
  /** What a cause hid is judged, because it is over. */
  | 'inhibition.end'
  /** The next step of an escalation. */
  | 'escalation.step'
  /** Whoever acknowledged is reminded. */
  | 'escalation.reminder'
  /** A forgotten acknowledgement is taken back. */
  | 'escalation.return'
  /** A department that has not answered what it was offered is told again. */
  | 'response.page'
  /** The delay for leaving an area is over. */
  | 'arming.exit'
  /** The delay for disarming an area is over. */
  | 'arming.entry'
  /** A schedule arms or disarms an area. */
  | 'arming.schedule'
  /** An area was disarmed with a code. */
  | 'arming.disarmed'
  /** What came late is told together. */
  | 'late.digest'
  /** Nothing is heard of something, or a file is broken, for its limit. */
  | JobKind;

/** What the work needs to know beside its key. */
export type DuePayload = Readonly<Record<string, string | number | boolean | null>>;

/** A piece of work, as it is written. For each site, kind and key there is one at most. */
export interface DueRow {
  readonly site: string;
  readonly kind: DueKind;
  readonly key: string;
  /** Milliseconds since the Unix epoch, by the clock of the server. */
  readonly atMs: number;
  /** Of what it is decided on: when it is due and finds another one, it does nothing. */
  readonly version: number;
  /**
   * How long it waits in all, milliseconds, so that a clock that is set makes it neither early nor late;
   * missing where `atMs` is a time of the calendar.
   */
  readonly waitMs?: number;
  readonly payload?: DuePayload;
}

/** A piece of work whose time has come. */
export interface DueStep extends Pick<DueRow, 'site' | 'kind' | 'key' | 'atMs' | 'version'> {
  readonly payload: DuePayload;
  /** How often it failed. */
  readonly attempts: number;
}
