import { z } from 'zod';

const units = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
type Unit = keyof typeof units;
/** A length of time as people write it: a number and its unit, `90s`, `1.5h`, `400d`. */
export type DurationText = `${number}${Unit}`;

const form = /^(\d{1,9}(?:\.\d{1,3})?)(ms|s|m|h|d)$/;

/** Milliseconds of a duration that {@link durationSchema} accepted. */
export function durationMs(text: DurationText): number {
  const [, amount, unit] = form.exec(text) ?? [];
  return Math.round(Number(amount) * units[unit as Unit]);
}

/** Milliseconds as people write them, in the largest unit that leaves no fraction: `8h`, `90m`. */
export function durationTextOf(ms: number): DurationText {
  const [unit, size] = Object.entries(units).findLast(([, unitMs]) => ms % unitMs === 0) ?? ['ms', 1];
  return `${ms / size}${unit as Unit}`;
}

/** A length of time between two others, as milliseconds once it is parsed. */
export function durationSchema(least: DurationText, most: DurationText) {
  return z
    .string()
    .regex(form, `30s, 10m, 1.5h, 400d`)
    .transform((text) => durationMs(text as DurationText))
    .refine((ms) => ms >= durationMs(least) && ms <= durationMs(most), {
      params: { code: 'site.out_of_range', details: { least, most } },
    });
}
