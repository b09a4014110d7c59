/** Errors of departments and tasks: loaded with what shows them. */
export const enResponseErrors = {
  'error.response.step': 'The task cannot take this step any more. Load it again.',
  'error.response.stale': 'Somebody else changed it meanwhile. Load it again.',
  'error.response.reason_needed':
    'The unit is busy or off duty, or was on its way already: say why in a few words.',
  'error.response.not_dispatcher': 'Tasks of this department are given by others.',
  'error.response.offered': 'It was offered there already, and that is not over.',
  'error.response.ended': 'What was offered is over. Offer it anew.',
  'error.response.in_use': 'There are tasks or offers that are not over. End them first.',
  'error.response.person_unknown': 'Somebody in it has no role here that takes tasks. Choose somebody else.',
  'error.response.unit_unknown': 'The department has no such unit.',
  'error.response.zone_unknown': 'The site has no such zone.',
  'error.response.receiver_unknown': 'The site has no such receiver.',
  'error.response.name_taken': 'There is one of this name already.',
  'error.response.too_many': 'There are as many as there may be. End those that nobody needs.',
  'error.response.no_consent': 'You have not agreed that your position is seen.',
  'error.response.off_duty': 'You are not on duty: your position is not needed.',
} as const;
