/**
 * Exit code of commands about the files of a server: 3 when something in them counts only after a restart, so
 * that no script believes that it runs.
 */
export const restartCode = (nextStart: readonly string[]): 0 | 3 => (nextStart.length > 0 ? 3 : 0);
