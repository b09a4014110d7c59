/** Errors of escalation policies: loaded with the page that shows them. */
export const enEscalationErrors = {
  'error.escalation.last_step':
    'The last step has to repeat without end and to reach a receiver that is no person’s own',
  'error.escalation.target_unknown': 'The site has no such receiver, person or rota',
  'error.escalation.zone_unknown': 'The site has no such zone',
  'error.escalation.too_many': 'There are as many policies as there may be. Remove those that nobody needs.',
  'error.escalation.changed': 'Somebody else changed the policy meanwhile: load it again',
} as const;
