import { severitySchema } from '@watchpost/contracts/alert';
import { WatchpostError } from '@watchpost/contracts/errors';
import { timeSchema, uuidSchema } from '@watchpost/contracts/wire';
import { z } from 'zod';
import type { AlertPosition } from '../store/alert-queue.ts';

const urgencySchema = z.tuple([z.literal('u'), severitySchema, z.number(), timeSchema, uuidSchema]);
const newestSchema = z.tuple([z.literal('n'), timeSchema, uuidSchema]);

/** A position as text that goes into an address. */
export function toCursor(position: AlertPosition): string {
  const parts =
    position.order === 'urgency'
      ? ['u', position.severity, position.score, position.openedAt, position.id]
      : ['n', position.updatedAt, position.id];
  return Buffer.from(JSON.stringify(parts)).toString('base64url');
}

/** @throws WatchpostError `api.invalid` when it is none of ours, or one of the other order. */
export function fromCursor(cursor: string, order: AlertPosition['order']): AlertPosition {
  try {
    const parts: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    if (order === 'urgency') {
      const [, severity, score, openedAt, id] = urgencySchema.parse(parts);
      return { order, severity, score, openedAt, id };
    }
    const [, updatedAt, id] = newestSchema.parse(parts);
    return { order, updatedAt, id };
  } catch (cause) {
    throw new WatchpostError('api.invalid', { path: '/cursor', cause });
  }
}
