/** Errors of arming, loaded with what shows them. */
export const enArmingErrors = {
  'error.arming.changed': 'Somebody else has armed, disarmed or changed the area meanwhile. Look again.',
  'error.arming.not_ready': 'Something is open, covered or lost. Close it, or leave it out.',
  'error.arming.no_mode': 'The area has no such mode.',
  'error.arming.unknown_device': 'The device does not count in this area.',
  'error.arming.code_needed': 'Type your code. If you have none, set one on this page.',
  'error.arming.code_wrong': 'The code is not right.',
  'error.arming.code_slowed': 'Too many wrong codes. Wait a moment and try again.',
  'error.arming.code_unfit': 'Choose two different codes that are no row such as 1234 or 1111.',
  'error.arming.duress_seen':
    'You would see the silent alarm on your own screen, or no area has a zone for it. Ask whoever edits the site.',
  'error.arming.not_postponed': 'There is nothing to put off, or it was put off already.',
} as const;
