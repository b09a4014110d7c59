import { z } from 'zod';

/**
 * How a gateway knows the server's time: from the receipts of the store, from an HTTP answer, from NTP, or
 * not at all. The order is by trust.
 */
export const clockSources = ['receipt', 'http', 'ntp', 'none'] as const;
export const clockSourceSchema = z.enum(clockSources);
export type ClockSource = z.infer<typeof clockSourceSchema>;
