import { WatchpostError } from '@watchpost/contracts/errors';

/** Where a page of what was issued ends. */
export interface Issued {
  readonly issuedAt: string;
  readonly id: string;
}

/** `next` of a page that ends with this one. */
export const toCursor = ({ issuedAt, id }: Issued): string => `${issuedAt}_${id}`;

/** @throws WatchpostError `api.invalid` for what {@link toCursor} did not make */
export function fromCursor(cursor: string): Issued {
  const [issuedAt = '', id = ''] = cursor.split('_');
  if (Number.isNaN(Date.parse(issuedAt)) || !/^[0-9a-f-]{36}$/.test(id))
    throw new WatchpostError('api.invalid', { path: '/cursor', details: { expected: '`next` of a page' } });
  return { issuedAt, id };
}
