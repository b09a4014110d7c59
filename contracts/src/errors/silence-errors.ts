import { type ErrorEntry, entry } from './error-entry.ts';

/** Of silences and alerts that are put off. */
export const silenceErrors = {
  'silence.period': entry(
    422,
    'The silence would end before it begins, has ended already, or would last too long.',
    'Choose an end after its beginning and after now, and within the days that details name.',
  ),
  'silence.changed': entry(
    409,
    'Somebody else has changed or ended the silence meanwhile.',
    'Load it again, look at what is different, and decide anew.',
  ),
  'silence.zone_outside': entry(
    403,
    'The silence would reach beyond the zones that you are responsible for.',
    'Name zones that are yours, or ask somebody who is responsible for the others.',
  ),
  'silence.unknown': entry(
    422,
    'The site has no such zone or device.',
    'Choose zones and devices of the site.',
  ),
  'silence.own_signature': entry(
    403,
    'Danger to life is silenced by two people: who wrote the silence does not sign it.',
    'Have another supervisor sign it.',
  ),
  'silence.nothing_to_sign': entry(
    409,
    'The silence does not cover danger to life, is signed already, or has ended.',
    'Nothing is to be done. To cover danger to life, write a new silence that says so.',
  ),
  'silence.too_many': entry(
    409,
    'The site has as many silences as it may have.',
    'End those that nobody needs.',
  ),
  'alert.snooze_period': entry(
    422,
    'An alert is put off until a time that is ahead, and not by more hours than details name.',
    'Choose an earlier time; for longer, write a silence.',
  ),
  'alert.snooze_danger': entry(
    409,
    'A life may be in danger: such an alert is not put off.',
    'Take it, or hand it to somebody who can.',
  ),
  'alert.not_snoozed': entry(
    409,
    'The alert is not put off, or not any more, or it is resolved.',
    'Look at the alert again.',
  ),
} as const satisfies Record<string, ErrorEntry>;
