import type { EventType } from '@watchpost/contracts/wire';

/** How long nothing may come before that is an alert of its own, milliseconds. */
export interface LossLimits {
  /** Of the link to the broker. */
  readonly brokerMs: number;
  /** Of a gateway: after it is said to be offline, or without any message. It says how it is every 30 s. */
  readonly gatewayMs: number;
  /** Of a camera, after its gateway says that it is lost. */
  readonly cameraMs: number;
  /** Of any other device, after its gateway says that it is lost (by the limit of its profile, `silentAfterMs`). */
  readonly deviceMs: number;
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
}

/** Numbers that somebody may want to change: milliseconds, unless their name says otherwise. */
export interface AlertingPolicy {
  /** How long a cause without an event of its own that ends it counts as present after its last event, by kind. */
  readonly clearsAfterMs: {
    readonly faceCandidate: number;
    readonly sensorAnomaly: number;
    readonly zoneEntered: number;
    readonly zoneLoitering: number;
  };
  /** A momentary cause (a button, a report) that comes again after this pause takes an acknowledgement back. */
  readonly momentaryPauseMs: number;
  readonly losses: LossLimits;
  /** Events that no alert takes in are one incident of the map while no longer pause than this is between them. */
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
    /** When devices were up or down; what held at the beginning stays. */
    readonly deviceStatus: number;
    /** Counts of events by hour. */
    readonly eventHours: number;
  };
  /** Unresolved alerts that one device may have; what is no danger to life is counted on the last one beyond. */
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
  };
  /** When late alarms are asked whether they still hold. */
  readonly settle: SettlePolicy;
  readonly uptime: UptimePolicy;
}

const minuteMs = 60_000;

export const defaultPolicy: AlertingPolicy = {
  clearsAfterMs: {
    faceCandidate: 10 * minuteMs,
    sensorAnomaly: 30 * minuteMs,
    zoneEntered: 5 * minuteMs,
    zoneLoitering: 10 * minuteMs,
  },
  momentaryPauseMs: 2 * minuteMs,
  openAlertsPerDevice: 20,
  episodePauseMs: 30 * minuteMs,
  keptDays: {
    events: 400,
    passings: 30,
    telemetry: 30,
    closedAlerts: 400,
    epochs: 400,
    rejects: 90,
    deviceStatus: 400,
    eventHours: 1_100,
  },
  losses: { brokerMs: minuteMs, gatewayMs: minuteMs, cameraMs: 30_000, deviceMs: 5_000 },
  reopens: { afterMs: 15 * minuteMs, lookBackMs: 24 * 60 * minuteMs },
  retained: { pageAlerts: 100, closedWithinMs: 7 * 24 * 60 * minuteMs },
  settle: { quietMs: 3_000, atMostMs: 2 * minuteMs },
  uptime: { noteEveryMs: 30_000, pendingAtMost: 10_000 },
};

/** The event stream of the API. */
export const streamPolicy = {
  /** Between two heartbeats. The console gives a connection up after three that did not come. */
  heartbeatMs: 2_500,
  /** Changes that are kept for readers that were away; who missed more loads the lists. */
  keptMessages: 2_000,
  /** A reader that leaves this many bytes unread is dropped. */
  unreadBytesAtMost: 1024 * 1024,
  /** Between two counts of alerts, at least: counting reads all that is not closed. */
  countsEveryMs: 1_000,
} as const;

/** The heat map. */
export const heatPolicy = {
  /** Without new incidents the map fades so slowly that it is drawn again this often only, milliseconds. */
  redrawnEveryMs: 60 * minuteMs,
} as const;

/** How times are judged. Milliseconds. */
export const timePolicy = {
  /** An event older than this when it arrives fills history and maps, and pages nobody. */
  lateAfterMs: 10 * 60_000,
  /** A danger to life pages up to this age all the same, and says how late it is. */
  lifeSafetyLateMs: 60 * 60_000,
  /** A gateway whose clock is off by more than this is shown as such, and the events of one that does not correct them are corrected. */
  clockWrongAboveMs: 5_000,
  /** After the server's own clock was set, every gateway has heard the new time within this: it says how it is every 30 s and is answered. */
  stepHeardWithinMs: 2 * 60_000,
  /** Two states of an older gateway tell its offset only when they were made this far apart. */
  witnessApartMs: 10_000,
} as const;

/** Kinds of events that say a life may be in danger, by type; `all`, or the values of `data.kind` or `data.category`. */
export const lifeSafetyEvents: Readonly<Partial<Record<EventType, 'all' | readonly string[]>>> = {
  'watchpost.panic.pressed.v1': 'all',
  'watchpost.sensor.alarm.v1': ['smoke', 'gas', 'glass_break'],
  'watchpost.report.received.v1': ['fire', 'medical', 'violence'],
};

/** Commits: how much at once, and when work that cannot be committed is given up. */
export const commitPolicy = {
  /** Rows of one commit, about. */
  rows: 500,
  /** Where the database has one connection, and whoever asks waits for the commit that runs. */
  rowsOnOneConnection: 200,
  /** Rows that wait at most before the broker is held back. */
  waitingRows: 20_000,
  /** Rows of telemetry that wait at most: measurements are given up, and hold nobody back. */
  waitingTelemetryRows: 4_000,
  /** Rows of telemetry that an event’s commit carries beside it: little, because the alert waits for the commit. */
  telemetryRows: 100,
  /** Waits between attempts while the database is away; doubles up to the largest. Milliseconds. */
  retryMs: { first: 200, largest: 5_000 },
  /** Attempts in a row after which work is set aside, when the database answers and names no trouble of its own. */
  deadLetterAfterAttempts: 4,
} as const;

/** The way in. */
export const ingestPolicy = {
  /** How often backlogs and our own clock are looked at, milliseconds. */
  roundMs: 250,
  /** Epochs whose watermark is remembered; that of another is read from the store. */
  rememberedEpochs: 5_000,
  /** Most earlier events that are looked at for corroboration. */
  corroborationRows: 500,
} as const;

/** Work that is due at a time. */
export const duePolicy = {
  /** Pause before work that failed is tried again; doubles up to the largest. Milliseconds. */
  retryMs: { first: 1_000, largest: 60_000 },
} as const;

/** The jobs that run by themselves. Milliseconds. */
export const maintenancePolicy = {
  /** Between two looks at what is to be done. */
  everyMs: minuteMs,
  /** A resolved alert that nobody closed closes itself after this. */
  closeAfterMs: 24 * 60 * minuteMs,
  /** Between two times that what is older than its retention is deleted. */
  retainEveryMs: 24 * 60 * minuteMs,
} as const;
