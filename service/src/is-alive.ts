/** Whether a process of this number runs; it may be another one than the one that had the number before. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // It runs, and is somebody else’s.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
