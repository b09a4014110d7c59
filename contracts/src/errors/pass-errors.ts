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
} as const satisfies Record<string, ErrorEntry>;
