import type { ColumnType } from 'kysely';

export type Time = ColumnType<Date, string | Date, string | Date>;
/** A time that may come later. */
export type Later = ColumnType<Date | null, string | null | undefined, string | null>;
/** JSON goes in as text and comes out parsed, on both drivers. */
export type Json<T> = ColumnType<T, string, string>;
