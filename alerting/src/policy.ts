import type { Severity } from '@watchpost/contracts/alert';
import {
  alertsSectionSchema,
  canarySectionSchema,
  escalationSectionSchema,
  incidentsSectionSchema,
  lossesSectionSchema,
  retentionSectionSchema,
  riskSectionSchema,
  type SiteFile,
} from '@watchpost/contracts/site';
import type { CanaryWishes } from './canary/policy.ts';
import type { IncidentPolicy } from './incidents/policy.ts';
import type { LatenessLimits } from './ingest/policy.ts';
import { type RiskPolicy, riskPolicyOf } from './risk/policy.ts';

/** How long nothing may come, or a file be broken, before that is an alert of its own, milliseconds. */
export interface LossLimits {
  /** Of the link to the broker. */
  readonly brokerMs: number;
  /** Of a gateway: after it is said to be offline, or without any message. It says how it is every 30 s. */
  readonly gatewayMs: number;
  /** Of a camera, after its gateway says that it is lost. */
  readonly cameraMs: number;
  /**
   * Of any other device, after its gateway says that it is lost (by the limit of its profile,
   * `silentAfterMs`).
   */
  readonly deviceMs: number;
  /** Of a settings file, after it is broken. */
  readonly settingsMs: number;
}

/** When late alarms are asked whether they still hold. Milliseconds. */
export interface SettlePolicy {
  /** No late event of the gateway came for so long: its backlog is through. */
  readonly quietMs: number;
  /** Whatever still comes, nobody waits longer than this for a condition that may still hold. */
  readonly atMostMs: number;
}
/** The record of when devices were up. */
export interface UptimePolicy {
  /** How often it is noted that alerting is there, milliseconds: so much is unknown after it was killed. */
  readonly noteEveryMs: number;
  /** Changes that wait in memory while the database is away; the oldest are given up. */
  readonly pendingAtMost: number;
  /** A clock that stands so far before what was written down last was set back, milliseconds. */
  readonly setBackMs: number;
}

/** Numbers that somebody may want to change: milliseconds, unless their name says otherwise. */
export interface AlertingPolicy {
  /**
   * How long a cause without an event of its own that ends it counts as present after its last event, by
   * kind.
   */
  readonly clearsAfterMs: {
    readonly faceCandidate: number;
    readonly sensorAnomaly: number;
    readonly zoneEntered: number;
    readonly zoneLoitering: number;
  };
  /**
   * A momentary cause (a button, a report) that comes again after this pause takes an acknowledgement back.
   */
  readonly momentaryPauseMs: number;
  readonly losses: LossLimits;
  /** How it is proven that what gateways say comes through. */
  readonly canary: CanaryWishes;
  /** Which alerts are one happening, and how often people are told of it. */
  readonly incidents: IncidentPolicy;
  /**
   * Events that no alert takes in are one incident of the map while no longer pause than this is between
   * them.
   */
  readonly episodePauseMs: number;
  /** What is kept how long, days. Counts, trust and the map outlive what they were made of. */
  readonly keptDays: {
    readonly events: number;
    /** Accepted passes and matches of the access list: people who may pass. */
    readonly passings: number;
    readonly telemetry: number;
    /** After they closed, with their history. */
    readonly closedAlerts: number;
    /** Lives of outboxes, after they were last heard of. */
    readonly epochs: number;
    readonly rejects: number;
    /** Who was told of what. */
    readonly notices: number;
    /** When devices were up or down; what held at the beginning stays. */
    readonly deviceStatus: number;
    /** Counts of events by hour. */
    readonly eventHours: number;
    /** Shifts, overrides, swaps and hand-overs, after they ended. */
    readonly duty: number;
    /** What was offered to departments, and their tasks, after they ended. */
    readonly response: number;
  };
  /**
   * Unresolved alerts that one device may have; what is no danger to life is counted on the last one beyond.
   */
  readonly openAlertsPerDevice: number;
  /** An alert that was resolved while its cause lasts is opened again. */
  readonly reopens: {
    /** So long after it was resolved: whoever deals with it has come back by then. */
    readonly afterMs: number;
    /** At a start those are looked at that were resolved within this. */
    readonly lookBackMs: number;
  };
  /** What the broker retains is brought in line after each connection. */
  readonly retained: {
    /** Alerts read and published at once; the next page waits until the broker has them. */
    readonly pageAlerts: number;
    /** What closed within this time is taken away again. */
    readonly closedWithinMs: number;
    /** A broker that kept its memory is told what changed since; everything, when that is more changes. */
    readonly missedChangesAtMost: number;
    /**
     * It is told again what changed so long before that, of so many changes at most: brokers write their
     * memory to the disk only now and then.
     */
    readonly toldAgain: { readonly withinMs: number; readonly changes: number };
  };
  /**
   * How long the log keeps what happened to alerts and was no step; who was away longer loads the lists.
   * Milliseconds.
   */
  readonly passingChangesKeptMs: number;
  /** When late alarms are asked whether they still hold. */
  readonly settle: SettlePolicy;
  /** When an event is too late to page. */
  readonly late: LatenessLimits;
  readonly risk: RiskPolicy;
  /** When an acknowledgement counts as forgotten. Milliseconds. */
  readonly escalation: {
    readonly remindAfterMs: number;
    readonly returnsAfterMs: number;
    readonly remindFrom: Severity;
  };
  readonly uptime: UptimePolicy;
}

const minuteMs = 60_000;

/** The policy of a site file, as alerting uses it. */
export function policyOf({
  alerts,
  canary,
  losses,
  incidents,
  keptDays,
  risk,
  escalation,
}: Pick<
  SiteFile['policy'],
  'alerts' | 'canary' | 'losses' | 'incidents' | 'keptDays' | 'risk' | 'escalation'
>): Pick<
  AlertingPolicy,
  | 'clearsAfterMs'
  | 'momentaryPauseMs'
  | 'openAlertsPerDevice'
  | 'episodePauseMs'
  | 'keptDays'
  | 'canary'
  | 'losses'
  | 'incidents'
  | 'reopens'
  | 'late'
  | 'risk'
  | 'escalation'
> {
  return {
    clearsAfterMs: alerts.clearsAfter,
    momentaryPauseMs: alerts.momentaryPause,
    openAlertsPerDevice: alerts.openPerDevice,
    episodePauseMs: alerts.episodePause,
    canary: {
      on: canary.proof === 'required',
      everyMs: canary.every,
      missed: canary.missed,
      heartbeat: canary.heartbeat,
    },
    keptDays,
    losses: {
      brokerMs: minuteMs,
      gatewayMs: losses.gateway,
      cameraMs: losses.camera,
      deviceMs: losses.device,
      settingsMs: losses.settings,
    },
    incidents: {
      windowMs: incidents.window,
      nearM: incidents.nearM,
      alertsAtMost: incidents.alertsAtMost,
      updateAfterMs: incidents.updateAfter,
      flapping: { above: incidents.flappingAbove, withinMs: incidents.flappingWithin },
    },
    reopens: { afterMs: alerts.reopensAfter, lookBackMs: 24 * 60 * minuteMs },
    late: { lateAfterMs: alerts.lateAfter, lifeSafetyLateMs: alerts.lifeSafetyLateAfter },
    risk: riskPolicyOf(risk),
    escalation: {
      remindAfterMs: escalation.remindAfter,
      returnsAfterMs: escalation.returnsAfter,
      remindFrom: escalation.remindFrom,
    },
  };
}

/** What holds where a site sets nothing else. */
export const defaultPolicy: AlertingPolicy = {
  ...policyOf({
    alerts: alertsSectionSchema.parse({}),
    canary: canarySectionSchema.parse({}),
    losses: lossesSectionSchema.parse({}),
    incidents: incidentsSectionSchema.parse({}),
    keptDays: retentionSectionSchema.parse({}),
    risk: riskSectionSchema.parse({}),
    escalation: escalationSectionSchema.parse({}),
  }),
  retained: {
    pageAlerts: 100,
    closedWithinMs: 7 * 24 * 60 * minuteMs,
    missedChangesAtMost: 5_000,
    toldAgain: { withinMs: 60 * minuteMs, changes: 5_000 },
  },
  passingChangesKeptMs: 24 * 60 * minuteMs,
  settle: { quietMs: 3_000, atMostMs: 2 * minuteMs },
  uptime: { noteEveryMs: 30_000, pendingAtMost: 10_000, setBackMs: 1_000 },
};
