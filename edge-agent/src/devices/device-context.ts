import type { Logger } from 'pino';
import type { GatewayClock } from '../clock/gateway-clock.ts';
import type { EdgeAgentConfig } from '../config.ts';
import type { SharedConnections } from '../drivers/shared-connections.ts';
import type { EventDraft } from '../outbox/event-draft.ts';
import type { Sample } from '../outbox/telemetry-buffer.ts';
import type { MatchingPermit } from '../policy/matching-permit.ts';
import type { CodeHandlerOptions } from '../recognition/code-handler.ts';
import type { FaceHandlerOptions } from '../recognition/face-handler.ts';
import type { FaceRecognition } from '../recognition/open-face-recognition.ts';
import type { DeviceHealthRecord } from './device-health.ts';
import type { SeriesContext } from './temperature/sensor-series.ts';

/** What devices are given by the agent and share. */
export interface DeviceContext {
  readonly config: EdgeAgentConfig;
  readonly log: Logger;
  /** Settles when the models are loaded; null when no camera looks for faces. */
  readonly faces: Promise<FaceRecognition | null>;
  /** The server's time, as well as it is known; see `GatewayClock`. */
  readonly clock: Pick<GatewayClock, 'siteTimeOf' | 'nowMs' | 'isUnknown'>;
  permit(): MatchingPermit;
  /** What a match of the access list in `zone` needs besides the face, and whether it is there. */
  secondFactor(zone: string, atMs: number): ReturnType<FaceHandlerOptions['secondFactor']>;
  revokedPasses(): ReadonlySet<string>;
  /** Whether that list is too old to let anybody in by it. */
  passListExpired(): boolean;
  /** Connections of sensors that several share. */
  readonly shared: SharedConnections;
  /** null when uses are not counted. */
  readonly redeem: CodeHandlerOptions['redeem'];
  take(draft: EventDraft, health: DeviceHealthRecord): void;
  /** What the series of all sensors share. */
  readonly series: SeriesContext;
  measured(sample: Sample): void;
}
