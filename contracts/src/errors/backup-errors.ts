import { type ErrorEntry, entry } from './error-entry.ts';

/** Of archives, and of moving a server from one place or version to another. */
export const backupErrors = {
  'backup.not_one': entry(400, 'The file is no archive of Watchpost.', 'Name a file that `backup` wrote.'),
  'backup.newer': entry(
    409,
    'The archive was written by a newer version of Watchpost.',
    'Install that version or a newer one, and restore with it.',
  ),
  'backup.truncated': entry(
    422,
    'The archive ends too early.',
    'Copy it anew from where it was written, or take the archive before it; nothing was restored.',
  ),
  'backup.damaged': entry(
    422,
    'The archive is not what was written.',
    'Copy it anew from where it was written, or take the archive before it; nothing was restored.',
  ),
  'backup.partial': entry(
    422,
    'The archive does not hold all that it says.',
    'Take the archive before it, and report this one; nothing was restored.',
  ),
  'backup.wrong_key': entry(
    403,
    'The archive was written for another recovery key.',
    'Use the recovery key that was shown when this server was first backed up.',
  ),
  'backup.key_form': entry(
    400,
    'The recovery key is mistyped.',
    'Compare the named group with what was written down; 0 and O, 1 and I and L are the same.',
  ),
  'backup.key_file': entry(
    500,
    'The server’s part of the recovery key cannot be used.',
    'Put it back from a backup; or move it away, and the next backup makes and shows a new recovery key.',
  ),
  'backup.not_empty': entry(
    409,
    'What is to be written into is not empty.',
    'Choose a folder and a database in which nothing is yet; nothing was changed.',
  ),
  'backup.no_room': entry(507, 'There is not enough room on the disk.', 'Make room, or choose another disk.'),
  'backup.unsteady': entry(
    503,
    'What was to be copied changed again and again meanwhile.',
    'Try again when less happens, or stop Watchpost for the copy.',
  ),
  'backup.too_large': entry(
    409,
    'The database is larger than an embedded one may be.',
    'Stay with the database server, or keep less (`policy.keptDays`) and try again.',
  ),
} as const satisfies Record<string, ErrorEntry>;
