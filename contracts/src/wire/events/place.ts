import { z } from 'zod';
import { wireLimits } from '../limits.ts';

/** Two ways in which a device stops watching: nothing comes, or what comes shows nothing. */
export const tamperKinds = ['cover', 'video_loss'] as const;

/**
 * Why a camera sees nothing: no picture comes (`lost`), the same picture comes again and again (`frozen`), it
 * is black (`dark`) or has no content (`flat`), as when something lies over the lens.
 */
export const tamperReasons = ['lost', 'frozen', 'dark', 'flat'] as const;

/** Somebody interfered with a device. */
export const tamperSchema = z.strictObject({
  detail: z.string().max(wireLimits.textChars).optional(),
  reason: z.enum(tamperReasons).optional(),
});

/** What `tamper.cover` or `tamper.video_loss` said of this device is over. */
export const tamperClearedSchema = z.strictObject({
  kind: z.enum(tamperKinds),
  reason: z.enum(tamperReasons).optional(),
  /** How long it lasted, from the last good picture to the next one, in milliseconds. */
  durationMs: z.number().int().min(0),
});

export const zoneEnteredSchema = z.strictObject({ objects: z.number().int().min(1).max(1000) });
export const zoneLoiteringSchema = z.strictObject({
  objects: z.number().int().min(1).max(1000),
  dwellSeconds: z.number().min(0),
});
export const lineCrossedSchema = z.strictObject({
  line: z.string().min(1).max(64),
  direction: z.enum(['in', 'out']),
});
export const panicPressedSchema = z.strictObject({ silent: z.boolean() });

/** A person reported an incident at a place; the text describes the incident, never a person’s risk. */
export const reportReceivedSchema = z.strictObject({
  category: z.enum(['intrusion', 'theft', 'violence', 'vandalism', 'fire', 'medical', 'traffic', 'other']),
  text: z.string().max(wireLimits.textChars),
  longitude: z.number().min(-180).max(180).optional(),
  latitude: z.number().min(-90).max(90).optional(),
});
