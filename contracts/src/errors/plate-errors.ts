import { type ErrorEntry, entry } from './error-entry.ts';

/** Of address plates. */
export const plateErrors = {
  'plate.no_key': entry(
    503,
    'The server has no key to sign plates of this site with.',
    'Start the server again; it makes the key. Plates that hang are read as before.',
  ),
  'plate.no_domain': entry(
    409,
    'Nobody has said under which host name plates of this site stand.',
    'Set `passes.plateDomain` in the site file, or the public address of the server, and issue it again.',
  ),
  'plate.zone_unknown': entry(422, 'The site has no such zone.', 'Choose a zone of the site.'),
  'plate.zone_outside': entry(
    403,
    'The zone is not one that you are responsible for.',
    'Choose one of yours, or ask somebody who is responsible for it.',
  ),
  'plate.too_many': entry(
    409,
    'The site has as many plates as it may have.',
    'Retire plates that hang nowhere any more.',
  ),
} as const satisfies Record<string, ErrorEntry>;
