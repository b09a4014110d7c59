import { type ErrorEntry, entry } from './error-entry.ts';

/** Of the watch and access lists, and of the log of who did what. */
export const listErrors = {
  'list.state': entry(
    409,
    'The entry is in a state in which this cannot be done.',
    'Load the entry again; it says what may be done now.',
  ),
  'list.stale': entry(
    409,
    'The entry changed after the version that this was about.',
    'Look at the entry as it is now, then decide.',
  ),
  'list.own_entry': entry(
    403,
    'Who proposed an entry or changed it last does not approve it.',
    'Ask another person to approve it.',
  ),
  'list.approved_already': entry(
    409,
    'You approved this entry already.',
    'Another person has to approve it too.',
  ),
  'list.related_account': entry(
    403,
    'Your account was made or reset by somebody who signed this entry, so you do not count as a second person.',
    'Ask a person whose account neither of them made or reset.',
  ),
  'list.zone_outside': entry(
    403,
    'The area holds a zone that you are not responsible for.',
    'Take the zone out, or ask somebody who is responsible for it.',
  ),
  'list.zone_unknown': entry(422, 'The site has no such zone.', 'Choose zones of the site.'),
  'list.photo_missing': entry(422, 'The entry has no usable photo.', 'Add a photo, then propose it.'),
  'list.photos_at_most': entry(
    422,
    'The entry has as many photos as it may have.',
    'Replace its photos with better ones.',
  ),
  'list.enrolment_away': entry(
    503,
    'The part of the server that handles photos is not there.',
    'Try again in a minute; if it stays so, see whether this installation has that part.',
  ),
  'list.site_unknown': entry(422, 'No such site runs here.', 'Name a site of the server folder.'),
  'list.not_in_step': entry(
    503,
    'What gateways may match does not follow the lists at present. Withdrawals that were made meanwhile may not hold.',
    'See `cause` and the log of alerting: disk, database, and the part that handles photos. It tries again by itself.',
  ),
  'list.permit_full': entry(
    503,
    'More ended entries or revoked passes than a permit holds: some of them do not reach the gateways.',
    'Let revoked passes end sooner (`policy.passes`), erase ended entries, and look which gateway owes its receipts.',
  ),
  'chain.unreadable': entry(
    422,
    'The file is no export of an audit log.',
    'Give a file that `watchpost audit export` wrote, unchanged.',
  ),
} as const satisfies Record<string, ErrorEntry>;
