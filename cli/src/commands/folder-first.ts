import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { serverFileName } from '@watchpost/service/server-folder';

/** A server folder and a name, as they stood on a command line. */
export interface FolderAndName {
  readonly folder: string;
  readonly name: string;
  /** The name stood first, as it had to in earlier versions. */
  readonly isOldOrder: boolean;
}

/**
 * Which of two words is the server folder: the first, as at every other command, unless only the second is
 * one. Where neither is, whichever is written as a path, so that the error names what the person meant.
 */
export function folderAndName(first: string, second: string): FolderAndName {
  const isServer = (path: string): boolean => existsSync(join(path, serverFileName));
  const isPath = (text: string): boolean => /[/\\]|^\.{1,2}$/.test(text);
  const looksLikeFolder = isServer(first) || isServer(second) ? isServer : isPath;
  const isOldOrder = !looksLikeFolder(first) && looksLikeFolder(second);
  return isOldOrder
    ? { folder: second, name: first, isOldOrder }
    : { folder: first, name: second, isOldOrder };
}
