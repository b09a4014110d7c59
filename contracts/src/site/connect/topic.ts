import { z } from 'zod';

/** The topic of one device: without wildcards (MQTT 3.1.1 §4.7.1) and NUL. */
export const topicSchema = z
  .string()
  .min(1)
  .max(1024)
  .regex(/^[^+#\0]+$/, 'building/floor-1/door');
