import { type ErrorEntry, entry } from './error-entry.ts';

/** Of visitor passes. */
export const passErrors = {
  'pass.malformed': entry(400, 'The code is not a Watchpost pass.', 'Ask for a new pass.'),
  'pass.signature': entry(403, 'The signature of the pass is wrong.', 'Treat the pass as forged.'),
  'pass.unknown_key': entry(
    403,
    'The pass was signed with a key that this gate does not know.',
    'Treat the pass as forged unless keys were just rotated.',
  ),
  'pass.expired': entry(403, 'The pass is no longer valid.', 'Ask for a new pass.'),
  'pass.not_yet_valid': entry(403, 'The pass is not valid yet.', 'Come back when it is.'),
  'pass.wrong_audience': entry(
    403,
    'The pass is for another gate or zone.',
    'Use the gate that the pass names.',
  ),
  'pass.revoked': entry(403, 'The pass was withdrawn.', 'Ask for a new pass.'),
  'pass.list_expired': entry(
    503,
    'The gateway has heard nothing for too long of which passes were withdrawn.',
    'Let a guard decide, and restore the link to the server.',
  ),
  'pass.used_up': entry(403, 'The pass was redeemed as often as it may be.', 'Ask for a new pass.'),
  'pass.replayed': entry(
    403,
    'The proof shown with the pass was used already.',
    'Wait half a minute for a fresh one; treat a picture of somebody’s screen as a copy.',
  ),
  'pass.no_key': entry(
    503,
    'The server has no key to sign passes of this site with.',
    'Start the server again; it makes the key. Passes of other issuers go on.',
  ),
  'pass.gate_unknown': entry(422, 'The site has no such gate.', 'Choose gates of the site.'),
  'pass.gate_outside': entry(
    403,
    'One of the gates is not within the zones that you are responsible for.',
    'Take the gate out, or ask somebody who is responsible for it.',
  ),
  'pass.period': entry(
    422,
    'The pass would end before it begins, has ended already, or is good for too long.',
    'Choose an end that is after its beginning and after now, and not later than the site allows.',
  ),
  'pass.uses_at_most': entry(
    422,
    'The pass would have more uses than the site allows.',
    'Ask for fewer uses.',
  ),
  'pass.too_many': entry(
    409,
    'The site has as many passes that are still good as it may have.',
    'Revoke passes that nobody needs, or wait until some have ended.',
  ),
  'pass.ended': entry(409, 'The pass is good no more.', 'Issue a new pass.'),
  'pass.held': entry(
    409,
    'The pass is held: it comes out of a backup, and nobody knows whether it was revoked or used since.',
    'Confirm it if it is still wanted, or revoke it.',
  ),
  'pass.link_invalid': entry(
    410,
    'The link leads to no pass that is still good.',
    'Ask for a new link where you got this one.',
  ),
} as const satisfies Record<string, ErrorEntry>;
