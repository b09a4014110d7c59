import { createCipheriv, createDecipheriv, createHash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import { WatchpostError } from '@watchpost/contracts/errors';
import { newDataKey, openDataKey, type WritingKey, wrappedKeySchema } from './archive-keys.ts';
import { backupPolicy } from './policy.ts';
import type { RecoveryKey } from './recovery-key.ts';

/**
 * A sealed file: `WPBACKUP`, form (2 bytes), length of the head (2 bytes), head (JSON: the wrapped key), then
 * parts: length (4 bytes, highest bit set on the last one) and AES-256-GCM of the part with its tag. The
 * nonce counts the parts; every part is bound to the head, to its number and to whether it is the last. All
 * numbers are big-endian.
 */
const magic = Buffer.from('WPBACKUP');
/** Form of the file that this version writes; it reads no other. */
const form = 1;
const lastBit = 0x8000_0000;
const tagBytes = 16;
const fixedBytes = magic.length + 4;

const nonceOf = (index: number): Buffer => {
  const nonce = Buffer.alloc(12);
  nonce.writeBigUInt64BE(BigInt(index), 4);
  return nonce;
};

function boundTo(head: Buffer, index: number, isLast: boolean): Buffer {
  const bound = Buffer.alloc(41);
  createHash('sha256').update(head).digest().copy(bound);
  bound.writeBigUInt64BE(BigInt(index), 32);
  bound[40] = isLast ? 1 : 0;
  return bound;
}

/** Writes the parts of a sealed file, in order. */
export class SealedWriter {
  readonly #file: FileHandle;
  readonly #dataKey: Buffer;
  readonly #head: Buffer;
  #index = 0;

  private constructor(file: FileHandle, dataKey: Buffer, head: Buffer) {
    this.#file = file;
    this.#dataKey = dataKey;
    this.#head = head;
  }

  static async begin(file: FileHandle, key: WritingKey): Promise<SealedWriter> {
    const { dataKey, wrapped } = newDataKey(key);
    const json = Buffer.from(JSON.stringify(wrapped));
    const fixed = Buffer.alloc(fixedBytes);
    magic.copy(fixed);
    fixed.writeUInt16BE(form, magic.length);
    fixed.writeUInt16BE(json.length, magic.length + 2);
    const head = Buffer.concat([fixed, json]);
    await file.writeFile(head);
    return new SealedWriter(file, dataKey, head);
  }

  async write(part: Uint8Array, isLast = false): Promise<void> {
    const index = this.#index++;
    const cipher = createCipheriv('aes-256-gcm', this.#dataKey, nonceOf(index));
    cipher.setAAD(boundTo(this.#head, index, isLast));
    const sealed = Buffer.concat([cipher.update(part), cipher.final(), cipher.getAuthTag()]);
    const length = Buffer.alloc(4);
    length.writeUInt32BE((sealed.length | (isLast ? lastBit : 0)) >>> 0);
    await this.#file.writeFile(Buffer.concat([length, sealed]));
  }
}

/** Whether a file begins as a sealed file does. Errors of the file system pass through. */
export async function isSealedFile(path: string): Promise<boolean> {
  const file = await open(path, 'r');
  try {
    return (await readAt(file, 0, magic.length)).equals(magic);
  } finally {
    await file.close();
  }
}

async function readAt(file: FileHandle, position: number, bytes: number): Promise<Buffer> {
  const buffer = Buffer.alloc(bytes);
  let read = 0;
  while (read < bytes) {
    const { bytesRead } = await file.read(buffer, read, bytes - read, position + read);
    if (bytesRead === 0) break;
    read += bytesRead;
  }
  return buffer.subarray(0, read);
}

async function readHead(file: FileHandle): Promise<Buffer> {
  const fixed = await readAt(file, 0, fixedBytes);
  if (!fixed.subarray(0, magic.length).equals(magic.subarray(0, fixed.length)) || fixed.length === 0)
    throw new WatchpostError('backup.not_one');
  if (fixed.length < fixedBytes) throw new WatchpostError('backup.truncated');
  const found = fixed.readUInt16BE(magic.length);
  if (found > form) throw new WatchpostError('backup.newer', { details: { form: found, known: form } });
  const length = fixed.readUInt16BE(magic.length + 2);
  if (found < 1 || length > backupPolicy.headBytes) throw new WatchpostError('backup.damaged');
  const head = await readAt(file, 0, fixedBytes + length);
  if (head.length < fixedBytes + length) throw new WatchpostError('backup.truncated');
  return head;
}

function dataKeyOf(head: Buffer, recovery: RecoveryKey): Buffer {
  let value: unknown;
  try {
    value = JSON.parse(head.subarray(fixedBytes).toString('utf8'));
  } catch {
    throw new WatchpostError('backup.damaged');
  }
  const wrapped = wrappedKeySchema.safeParse(value);
  if (!wrapped.success) throw new WatchpostError('backup.damaged');
  return openDataKey(wrapped.data, recovery);
}

/**
 * The parts of a sealed file, in order. What was given before a fault is as it was written, but only the end
 * without an error says that it was all.
 * @throws WatchpostError `backup.not_one`, `backup.newer`, `backup.wrong_key`, `backup.truncated` or
 *   `backup.damaged`
 */
export async function* readSealedFile(path: string, recovery: RecoveryKey): AsyncGenerator<Buffer> {
  const file = await open(path, 'r');
  try {
    const head = await readHead(file);
    const dataKey = dataKeyOf(head, recovery);
    let position = head.length;
    for (let index = 0; ; index++) {
      const lengthBytes = await readAt(file, position, 4);
      if (lengthBytes.length < 4) throw new WatchpostError('backup.truncated');
      const said = lengthBytes.readUInt32BE();
      const isLast = (said & lastBit) !== 0;
      const length = (said & ~lastBit) >>> 0;
      if (length < tagBytes || length > backupPolicy.partBytesAtMost)
        throw new WatchpostError('backup.damaged');
      const sealed = await readAt(file, position + 4, length);
      if (sealed.length < length) throw new WatchpostError('backup.truncated');
      position += 4 + length;
      const decipher = createDecipheriv('aes-256-gcm', dataKey, nonceOf(index));
      decipher.setAAD(boundTo(head, index, isLast));
      decipher.setAuthTag(sealed.subarray(length - tagBytes));
      let part: Buffer;
      try {
        part = Buffer.concat([decipher.update(sealed.subarray(0, length - tagBytes)), decipher.final()]);
      } catch (cause) {
        throw new WatchpostError('backup.damaged', { cause });
      }
      yield part;
      if (!isLast) continue;
      if ((await readAt(file, position, 1)).length > 0) throw new WatchpostError('backup.damaged');
      return;
    }
  } finally {
    await file.close();
  }
}
