import { stat } from 'node:fs/promises';

/** Changes whenever the file does; `missing` where there is none. */
export async function fileFingerprint(path: string): Promise<string> {
  try {
    const { ino, size, mtimeNs, ctimeNs } = await stat(path, { bigint: true });
    return `${ino} ${size} ${mtimeNs} ${ctimeNs}`;
  } catch {
    return 'missing';
  }
}
