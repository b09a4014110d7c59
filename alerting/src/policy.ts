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
};
