import { type ErrorEntry, entry } from './error-entry.ts';

/** Of links in notices by which somebody takes an incident. */
export const acknowledgeErrors = {
  'acknowledge.link_invalid': entry(
    404,
    'The link is none of this server, or whoever it was sent to gets no notices by that way any more.',
    'Open the whole link of the message, or log in to the console.',
  ),
  'acknowledge.link_used': entry(
    409,
    'The link was used already: each is good once.',
    'Log in to the console, or use the link of a newer message.',
  ),
  'acknowledge.link_expired': entry(
    410,
    'The time for which the link was good is over.',
    'Log in to the console, or use the link of a newer message.',
  ),
  'acknowledge.over': entry(
    410,
    'What the link was about is over: there is nothing to take any more.',
    'Nothing to do; the console shows what became of it.',
  ),
  'acknowledge.log_in_needed': entry(
    401,
    'An incident of this severity is taken only by who is logged in.',
    'Log in to the console as the person whom the message was sent to, then press again or take it there.',
  ),
  'acknowledge.not_yours': entry(
    403,
    'The person whom the message was sent to may not take this, or somebody else is logged in here.',
    'Log in as the person whom the message was sent to, or tell whoever manages the accounts.',
  ),
} as const satisfies Record<string, ErrorEntry>;
