import { type ErrorEntry, entry } from './error-entry.ts';

/** Of links in notices by which somebody takes an incident. */
export const acknowledgeErrors = {
  'acknowledge.link_invalid': entry(404, 'This is no link of a notice.', 'Log in to the console.'),
  'acknowledge.link_used': entry(409, 'The link was used.', 'Log in to the console.'),
  'acknowledge.link_expired': entry(410, 'The link is not good any more.', 'Log in to the console.'),
  'acknowledge.over': entry(410, 'The incident is over.', 'Nothing to do.'),
  'acknowledge.log_in_needed': entry(
    401,
    'An incident of this severity takes a log-in.',
    'Log in to the console.',
  ),
  'acknowledge.not_yours': entry(
    403,
    'The link is for another person, or they may not take it.',
    'Log in as that person.',
  ),
} as const satisfies Record<string, ErrorEntry>;
