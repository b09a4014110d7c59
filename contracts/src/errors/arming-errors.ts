import { type ErrorEntry, entry } from './error-entry.ts';

/** Of areas that are armed and disarmed. */
export const armingErrors = {
  'arming.changed': entry(
    409,
    'Somebody else has armed, disarmed or changed the area meanwhile.',
    'Look at who did what (details name both), and decide anew.',
  ),
  'arming.not_ready': entry(
    409,
    'Something of the area is open, covered or lost, or has not said how it is: details name the devices.',
    'Close it, or leave it out once or until it is closed.',
  ),
  'arming.no_mode': entry(
    422,
    'The area has no such mode.',
    'Choose one of the modes that its site file describes.',
  ),
  'arming.unknown_device': entry(
    422,
    'The device does not count in this area.',
    'Choose one of the devices of its zones.',
  ),
  'arming.code_needed': entry(
    422,
    'The area is disarmed with the code of a person.',
    'Send `code`, and `user` where a program asks; a person sets a code on the page “Arming”.',
  ),
  'arming.code_wrong': entry(403, 'The code is not right.', 'Type it again; whoever forgot it sets another.'),
  'arming.code_slowed': entry(
    429,
    'Too many wrong codes for this area.',
    'Wait the seconds that details name.',
  ),
  'arming.code_unfit': entry(
    422,
    'Both codes are the same, or one of them is too easy to guess.',
    'Choose codes of different digits that are no row such as 1234.',
  ),
  'arming.duress_seen': entry(
    409,
    'A silent alarm of this person would be seen on their own screen, or no area has a silent zone.',
    'Name a `silentZone` for the area, and limit the account to other zones than that one.',
  ),
  'arming.not_postponed': entry(
    409,
    'There is nothing to put off, or it was put off already.',
    'Look at the area again; a schedule is put off once.',
  ),
  'arming.left_out': entry(
    409,
    'A schedule armed an area without something that was open, covered or lost.',
    'The page “Arming” names it: close it, and it counts again.',
  ),
  'arming.refused': entry(
    409,
    'An area that was to be armed is not armed, because something is open, covered or lost.',
    'The page “Arming” names it: close it and arm the area, or leave it out.',
  ),
} as const satisfies Record<string, ErrorEntry>;
