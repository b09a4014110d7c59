import { z } from 'zod';

export const portSchema = z.number().int().min(1).max(65_535);
/** A name or an address. */
export const hostSchema = z.string().min(1).max(253);
export const ipSchema = z.union([z.ipv4(), z.ipv6()]);
