import type { IncidentConcern, Severity } from '@watchpost/contracts/alert';
import type { EscalationRun, EscalationStep } from '@watchpost/contracts/api';
import type { Generated } from 'kysely';
import type { Json, Later, Time } from './columns.ts';

/** Who is told of which alerts, by steps. Decision 72. */
interface EscalationPolicyTable {
  site: string;
  id: string;
  version: number;
  name: string;
  /** The receiver of whose own settings it is the form: told at once and beside all others. */
  receiver: string | null;
  /** Of those that fit, the one with the smallest holds. */
  place: number;
  severities: Json<Severity[]>;
  /** Null: the whole site. */
  zones: Json<string[]> | null;
  /** Null: anything. */
  concerns: Json<IncidentConcern[]> | null;
  steps: Json<EscalationStep[]>;
  changed_at: Time;
}

/** How far the telling of one subject has come. */
interface EscalationTable {
  site: string;
  subject: string;
  /** Another one with each change: what is due for an older one is void. */
  version: number;
  policy: string | null;
  policy_version: number | null;
  name: string | null;
  /** Of the policy, as they were when it began. */
  steps: Json<EscalationStep[]>;
  severity: Severity;
  /** Version of the subject that people are told of. */
  seq: number;
  /** When what they are told happened. */
  at: Time;
  /** Index of the step that comes next. */
  step: Generated<number>;
  /** How often that step was repeated. */
  round: Generated<number>;
  /** How often people were told of this version. */
  pages: Generated<number>;
  state: EscalationRun['state'];
  /** When a step reached nobody. */
  empty_at: Later;
  /** Name of the account. */
  acknowledged_by: string | null;
  acknowledged_at: Later;
  changed_at: Time;
}

/** Escalation. */
export interface EscalationTables {
  escalation_policy: EscalationPolicyTable;
  escalation: EscalationTable;
}
