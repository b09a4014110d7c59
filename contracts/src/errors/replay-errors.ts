import { type ErrorEntry, entry } from './error-entry.ts';

/** Replays of stored events under other rules. */
export const replayErrors = {
  'replay.window': entry(
    400,
    'The window ends before it begins, or is too long.',
    'Name an end after the beginning, and at most as many days as the answer says.',
  ),
  'replay.too_many_late': entry(
    422,
    'Too many events of this window came long after they were captured.',
    'Take a shorter window: the one in which a gateway came back after days is the long one.',
  ),
  'replay.cut_short': entry(
    503,
    'The replay took too long and was ended.',
    'Take a shorter window, or run `watchpost replay` at the server, which has no such limit.',
  ),
  'replay.busy': entry(503, 'Another replay is running.', 'Try again when it has ended.'),
} as const satisfies Record<string, ErrorEntry>;
