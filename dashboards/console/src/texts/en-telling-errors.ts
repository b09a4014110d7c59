/** English for codes about whether people are told. */
export const enTellingErrors = {
  'error.escalation.nobody': 'A step of an escalation reached nobody: open Escalation',
  'error.escalation.overdue': 'People were not told in time: call them',
  'error.escalation.step_lost': 'An escalation had no next step; it goes on',
  'error.escalation.audit_failed': 'Whether people are told in time is unknown',
  'error.duty.gap': 'Within 14 days there are times at which nobody is on duty',
  'error.duty.gap_soon': 'Nobody is on duty within the next 24 hours, or now',
  'error.duty.double_booked': 'Within 14 days somebody is on duty in two rotas at once',
  'error.duty.double_booked_soon': 'Within 24 hours somebody is on duty in two rotas at once',
  'error.duty.unreachable': 'Within 14 days somebody is on duty who cannot be reached',
  'error.duty.unreachable_soon': 'Within 24 hours somebody is on duty who cannot be reached',
  'error.duty.failed': 'Shifts could not be planned ahead; who is on duty is still known',
  'error.canary.gateway': 'Proofs that alarms get through do not arrive: look at the gateway',
  'error.canary.broker': 'Proofs of no gateway arrive: check the broker',
  'error.canary.store': 'What gateways send is not stored in time',
  'error.canary.stream': 'Changes of alerts do not reach consoles',
  'error.canary.senders': 'Alarms are stored and nobody is told: start alerting again',
} as const;
