import { readFileSync, statSync } from 'node:fs';
import { WatchpostError } from '@watchpost/contracts/errors';
import { cameraPolicy } from './policy.ts';

/**
 * The password in a file: its content without a line end. Read at each connection, so that a change counts at
 * once.
 * @throws WatchpostError `config.camera_password_file` when it cannot be read, is empty or too long, or
 *   others may read it
 */
export function readPasswordFile(file: string): string {
  const refuse = (expected: string, cause?: unknown) =>
    new WatchpostError('config.camera_password_file', {
      path: file,
      details: { expected },
      ...(cause === undefined ? {} : { cause }),
    });
  let content: string;
  try {
    const { mode, size } = statSync(file);
    if (process.platform !== 'win32' && (mode & 0o077) !== 0)
      throw refuse('a file for its owner only (0600)');
    if (size > cameraPolicy.passwordBytes) throw refuse(`at most ${cameraPolicy.passwordBytes} bytes`);
    content = readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof WatchpostError) throw error;
    throw refuse('a file that can be read', error);
  }
  const password = content.replace(/\r?\n$/, '');
  if (password === '') throw refuse('a password');
  return password;
}
