import { type ErrorEntry, entry } from './error-entry.ts';

/** Of escalation: who is told next when nobody takes an alert. */
export const escalationErrors = {
  'escalation.nobody': entry(
    409,
    'A step of an escalation reached nobody: nobody is on duty, or nobody in it has a verified channel. The next step was taken at once.',
    'Open Escalation in the console: it shows who each step would reach now. Put somebody on duty, or verify a channel.',
  ),
  'escalation.overdue': entry(
    503,
    'Steps of an escalation, or notices, should have been carried out and were not.',
    'Look into the log of alerting; restart it when it stands. Until then call people by other means.',
  ),
  'escalation.step_lost': entry(
    500,
    'An escalation that goes on had no next step. It was written anew and goes on now.',
    'Tell the maker, with the log of alerting.',
  ),
  'escalation.audit_failed': entry(
    503,
    'Whether people are told in time could not be checked: the database did not answer the auditor.',
    'Check the database, and whether a statement keeps it busy.',
  ),
  'escalation.last_step': entry(
    422,
    'The last step of the policy does not repeat, or goes to people alone.',
    'End with a step that repeats and goes to a receiver that is no person’s own.',
  ),
  'escalation.target_unknown': entry(
    422,
    'A step names a receiver, a person or a rota that the site does not have.',
    'Choose one of those that the site has.',
  ),
  'escalation.zone_unknown': entry(422, 'The site has no such zone.', 'Choose zones of the site.'),
  'escalation.too_many': entry(
    409,
    'The site has as many escalation policies as it may have.',
    'Remove those that nobody needs.',
  ),
  'escalation.changed': entry(
    409,
    'Somebody else changed the policy meanwhile.',
    'Load it again and make the change once more.',
  ),
} as const satisfies Record<string, ErrorEntry>;
