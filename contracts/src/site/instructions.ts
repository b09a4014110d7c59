import { z } from 'zod';
import type { Alert } from '../alert/alert.ts';
import { reportNames } from './device-reports.ts';

/** What is written for officers, in one language of the product at least. */
const longTextSchema = z
  .strictObject({
    'zh-CN': z.string().trim().min(1).max(2_000).optional(),
    en: z.string().trim().min(1).max(2_000).optional(),
  })
  .refine((text) => text['zh-CN'] !== undefined || text.en !== undefined, {
    message: 'expected a text in one language at least',
    params: { code: 'site.missing', details: { known: 'zh-CN, en' } },
  });

/** Whom to call. Shown to officers only. */
export const contactSchema = z.strictObject({
  name: z.string().min(1).max(100),
  /** As it is dialled. */
  phone: z.string().regex(/^\+?[0-9 ()-]{3,30}$/, '+86 10 1234 5678'),
});
export type Contact = z.infer<typeof contactSchema>;

/** What is to be done, and whom to call. */
export const instructionSchema = z.strictObject({
  text: longTextSchema,
  contacts: z.array(contactSchema).max(20).default([]),
});
export type Instruction = z.output<typeof instructionSchema>;

/** What there may be an instruction for: what devices say, what alerting finds out, and all the rest. */
export const instructionNames = [
  ...reportNames,
  ...(['broker.lost', 'gateway.lost', 'gateway.fault', 'device.lost', 'settings.broken'] as const),
  'warning.received',
  'otherwise',
] as const;
const instructionNameSchema = z.enum(instructionNames);
export type InstructionName = z.infer<typeof instructionNameSchema>;

/** What is to be done about alerts, by what they are about (`sensor.smoke`, `gateway.lost` …). */
export const instructionsSchema = z.partialRecord(instructionNameSchema, instructionSchema);
export type Instructions = z.output<typeof instructionsSchema>;

/** Under which names the instruction for an alert may stand, the first that is there counts. */
export function instructionNamesOf({
  eventType,
  details,
}: Pick<Alert, 'eventType' | 'details'>): InstructionName[] {
  // `watchpost.gateway.lost.v1`, `watchpost.sensor.alarm.v1` of a kind, `watchpost.panic.pressed.v1`.
  const [, noun = '', what = ''] = eventType.split('.');
  return [`${noun}.${what}`, `${noun}.${String(details.kind)}`, noun, 'otherwise'].flatMap(
    (name) => instructionNameSchema.safeParse(name).data ?? [],
  );
}

/** The instruction for an alert; undefined where the site file has none. */
export function instructionFor(
  instructions: Instructions,
  alert: Pick<Alert, 'eventType' | 'details'>,
): Instruction | undefined {
  const name = instructionNamesOf(alert).find((one) => instructions[one]);
  return name && instructions[name];
}
