import { z } from 'zod';
import { reportNameSchema } from './device-reports.ts';

const longText = z.strictObject({
  'zh-CN': z.string().min(1).max(2_000),
  en: z.string().min(1).max(2_000),
});

/** Whom to call. Shown to officers only. */
export const contactSchema = z.strictObject({
  name: z.string().min(1).max(100),
  /** As it is dialled. */
  phone: z.string().regex(/^\+?[0-9 ()-]{3,30}$/, '+86 10 1234 5678'),
});

/** What is to be done when a device says something, by what it says (`sensor.smoke`). */
export const instructionsSchema = z.partialRecord(
  reportNameSchema,
  z.strictObject({ text: longText, contacts: z.array(contactSchema).max(20).default([]) }),
);
export type Instructions = z.infer<typeof instructionsSchema>;
