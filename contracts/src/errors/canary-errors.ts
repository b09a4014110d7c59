import { type ErrorEntry, entry } from './error-entry.ts';

/** Of the proof that what gateways say comes through the whole chain to people. */
export const canaryErrors = {
  'canary.gateway': entry(
    503,
    'The gateway is heard, but its proofs that alarms get through do not arrive.',
    'Look at the gateway: its disk, its outbox and its log. Until then its alarms may not arrive.',
  ),
  'canary.broker': entry(
    503,
    'The gateways are heard, but the proofs of none of them that alarms get through arrive.',
    'Check the broker of the server, and its log.',
  ),
  'canary.store': entry(
    503,
    'What gateways send arrives and is not stored in time.',
    'Check the database, and whether the server is overloaded.',
  ),
  'canary.stream': entry(
    503,
    'Changes of alerts are no longer passed on to consoles.',
    'Look into the log of alerting and start it again.',
  ),
  'canary.senders': entry(
    503,
    'Alarms are stored, but what sends notices stands still.',
    'Look at the console yourself, and into the log of alerting; start it again.',
  ),
} as const satisfies Record<string, ErrorEntry>;
