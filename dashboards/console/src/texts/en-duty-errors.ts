/** Errors of rotas: loaded with the page of duty. */
export const enDutyErrors = {
  'error.duty.overlap':
    'There is one of this kind at this time already. Cancel it first, or choose other times.',
  'error.duty.period': 'It would end before it begins, has ended already, or reaches too far ahead.',
  'error.duty.person_unknown': 'Somebody in it may not be on duty on this site. Choose somebody else.',
  'error.duty.zone_outside': 'One of the zones is not within yours. Take it out.',
  'error.duty.zone_unknown': 'The site has no such zone. Choose one of its zones.',
  'error.duty.too_many': 'There are as many as there may be. End those that nobody needs.',
  'error.duty.changed': 'Somebody else changed it meanwhile. Load it again.',
  'error.duty.not_theirs': 'That time is not, as a whole, on duty of the person whose it should be.',
  'error.duty.not_asked': 'Somebody else is asked for this.',
  'error.duty.answered': 'It was answered or taken back already. Load it again.',
  'error.duty.not_on_duty': 'Only who is on duty, or was until lately, hands over.',
  'error.duty.nobody_next': 'Nobody comes next on this rota. Choose who takes over.',
} as const;
