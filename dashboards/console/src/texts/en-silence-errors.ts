/** Errors of silences and of alerts that are put off, loaded with what shows them. */
export const enSilenceErrors = {
  'error.silence.period': 'It would end before it begins, has ended already, or lasts longer than 30 days.',
  'error.silence.changed': 'Somebody else changed or ended the silence meanwhile. Load it again.',
  'error.silence.zone_outside': 'The silence would reach beyond your zones. Name zones that are yours.',
  'error.silence.unknown': 'The site has no such zone or device.',
  'error.silence.own_signature': 'Another person has to sign: danger to life is silenced by two.',
  'error.silence.nothing_to_sign': 'It does not cover danger to life, is signed already, or has ended.',
  'error.silence.too_many': 'There are as many silences as there may be. End those that nobody needs.',
  'error.alert.snooze_period': 'Choose a time that is ahead, at most 12 hours; for longer, write a silence.',
  'error.alert.snooze_danger': 'A life may be in danger: such an alert is not put off.',
  'error.alert.not_snoozed': 'The alert is not put off, or it is resolved.',
} as const;
