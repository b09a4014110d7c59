import { type ErrorEntry, entry } from './error-entry.ts';

/** Of rotas and who is on duty. */
export const dutyErrors = {
  'duty.gap': entry(
    409,
    'Within the next 14 days there are times at which nobody is on duty.',
    'Open Duty in the console: add an override, or change the rota.',
  ),
  'duty.gap_soon': entry(
    409,
    'Nobody is on duty within the next 24 hours, or now.',
    'Put somebody on duty by an override, now.',
  ),
  'duty.double_booked': entry(
    409,
    'Within the next 14 days somebody is on duty in two rotas at once.',
    'Open Duty in the console and give one of the two shifts to somebody else.',
  ),
  'duty.double_booked_soon': entry(
    409,
    'Within the next 24 hours somebody is on duty in two rotas at once.',
    'Give one of the two shifts to somebody else by an override.',
  ),
  'duty.unreachable': entry(
    409,
    'Within the next 14 days somebody is on duty who cannot be reached.',
    'Have the person verify a channel, or give the shift to somebody else.',
  ),
  'duty.unreachable_soon': entry(
    409,
    'Within the next 24 hours somebody is on duty who cannot be reached.',
    'Give the shift to somebody else by an override, or have the person verify a channel now.',
  ),
  'duty.overlap': entry(
    409,
    'There is one of this kind in the rota at this time already.',
    'Cancel the other one first, or choose times that do not overlap it.',
  ),
  'duty.period': entry(
    422,
    'It would end before it begins, has ended already, or reaches too far ahead.',
    'Choose an end that is after its beginning and after now, and within two years.',
  ),
  'duty.person_unknown': entry(
    422,
    'Somebody in it may not be on duty on this site.',
    'Choose people with a role on the site that takes duty.',
  ),
  'duty.zone_outside': entry(
    403,
    'One of the zones is not within those that you are responsible for.',
    'Take the zone out, or ask somebody who is responsible for it.',
  ),
  'duty.zone_unknown': entry(422, 'The site has no such zone.', 'Choose zones of the site.'),
  'duty.too_many': entry(
    409,
    'The site has as many rotas, or the rota as many exceptions ahead, as it may have.',
    'End or cancel those that nobody needs.',
  ),
  'duty.not_theirs': entry(
    409,
    'The time that would be swapped is not, or not as a whole, on duty of the person whose it should be.',
    'Choose a time within one of their shifts that has not begun.',
  ),
  'duty.not_asked': entry(
    403,
    'Somebody else is asked for this.',
    'Leave it to the person who is named in it.',
  ),
  'duty.answered': entry(409, 'It was answered or taken back already.', 'Load it again.'),
  'duty.not_on_duty': entry(
    409,
    'Only who is on duty, or was until lately, hands over.',
    'Have the person on duty hand over, or be put on duty by an override.',
  ),
  'duty.nobody_next': entry(422, 'Nobody comes next on this rota.', 'Say who takes over (`taker`).'),
  'duty.changed': entry(
    409,
    'Somebody else changed it meanwhile.',
    'Load it again and make your change once more.',
  ),
  'duty.failed': entry(
    503,
    'Shifts could not be planned ahead.',
    'Look at the service’s log; who is on duty is still computed when it is asked. It tries again by itself.',
  ),
} as const satisfies Record<string, ErrorEntry>;
