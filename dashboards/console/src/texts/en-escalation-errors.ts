/** Errors of receivers and escalation policies: loaded with the pages that show them. */
export const enEscalationErrors = {
  'error.notify.too_many_receivers':
    'There are as many receivers as there may be. Erase those that nobody needs.',
  'error.escalation.last_step':
    'The last step has to repeat without end and to reach a receiver that is no person’s own',
  'error.escalation.target_unknown': 'The site has no such receiver, person or rota',
  'error.escalation.zone_unknown': 'The site has no such zone',
  'error.escalation.too_many': 'There are as many policies as there may be. Remove those that nobody needs.',
  'error.escalation.changed': 'Somebody else changed the policy meanwhile: load it again',
} as const;
