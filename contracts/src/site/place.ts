import { z } from 'zod';

/** A text in both languages of the product. */
export const localizedTextSchema = z.strictObject({
  'zh-CN': z.string().min(1).max(200),
  en: z.string().min(1).max(200),
});
export type LocalizedText = z.infer<typeof localizedTextSchema>;

/** Position on the site’s plan, metres from its north-west corner: x east, y south. */
export const planPointSchema = z.tuple([z.number().min(0).max(10_000), z.number().min(0).max(10_000)]);

/** WGS 84. */
export const positionSchema = z.strictObject({
  latitude: z.number().min(-85).max(85),
  longitude: z.number().min(-180).max(180),
});

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).format(0) !== '';
  } catch {
    return false;
  }
}

/** IANA time zone. */
export const timeZoneSchema = z
  .string()
  .min(1)
  .max(64)
  .refine(isTimeZone, {
    message: 'expected an IANA time zone',
    params: { code: 'site.format', details: { expected: 'Asia/Shanghai' } },
  });
