import { WatchpostError } from '@watchpost/contracts/errors';
import { timeSchema, uuidSchema } from '@watchpost/contracts/wire';
import { z } from 'zod';
import type { AfterRow } from '../store/response-store.ts';

const placeSchema = z.tuple([timeSchema, uuidSchema]);

/** A place in a list as text that goes into an address. */
export const pageCursor = ({ at, id }: AfterRow): string =>
  Buffer.from(JSON.stringify([at, id])).toString('base64url');

/** @throws WatchpostError `api.invalid` when it is none of ours */
export function positionOfCursor(cursor: string | undefined): AfterRow | undefined {
  if (cursor === undefined) return undefined;
  try {
    const [at, id] = placeSchema.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString()));
    return { at, id };
  } catch (cause) {
    throw new WatchpostError('api.invalid', { path: '/cursor', cause });
  }
}
