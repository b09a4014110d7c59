import { type ErrorEntry, entry } from './error-entry.ts';

/** Of departments, their units and tasks. */
export const responseErrors = {
  'response.step': entry(
    409,
    'The task cannot take this step from where it is.',
    'Load it again and choose one of its steps.',
  ),
  'response.stale': entry(
    409,
    'Somebody else changed it meanwhile.',
    'Load it again and make your change once more.',
  ),
  'response.reason_needed': entry(
    422,
    'The unit is busy or off duty, or was on its way already: a reason is missing.',
    'Say why, in a few words, or choose another unit.',
  ),
  'response.not_dispatcher': entry(
    403,
    'Tasks of this department are given by others.',
    'Ask one of its dispatchers, or whoever keeps the departments.',
  ),
  'response.offered': entry(
    409,
    'It was offered to this department or unit already, and that is not over.',
    'Look at what became of it; end it before it is offered anew.',
  ),
  'response.ended': entry(409, 'What was offered is over.', 'Offer it to the department anew.'),
  'response.in_use': entry(
    409,
    'There are tasks or offers that are not over.',
    'End them first, or wait until they are done.',
  ),
  'response.person_unknown': entry(
    422,
    'Somebody in it has no role on this site that takes tasks.',
    'Choose people with a role on the site that takes tasks.',
  ),
  'response.unit_unknown': entry(
    422,
    'The department has no such unit.',
    'Choose one of the units of the department.',
  ),
  'response.zone_unknown': entry(422, 'The site has no such zone.', 'Choose zones of the site.'),
  'response.receiver_unknown': entry(
    422,
    'The site has no such receiver.',
    'Choose a receiver of the site, or none.',
  ),
  'response.name_taken': entry(
    409,
    'There is one of this name already.',
    'Choose a name that tells the two apart.',
  ),
  'response.too_many': entry(
    409,
    'There are as many departments, units or tasks as there may be.',
    'End those that nobody needs.',
  ),
  'response.no_consent': entry(
    403,
    'You have not agreed that your position is seen.',
    'Turn the switch on the page Tasks on, if you agree.',
  ),
  'response.off_duty': entry(
    403,
    'Positions are taken only from who is on duty.',
    'Nothing to do: your position is not needed now.',
  ),
} as const satisfies Record<string, ErrorEntry>;
