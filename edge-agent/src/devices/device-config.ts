import { z } from 'zod';
import { cameraConfigSchema } from './camera/config.ts';
import { codeReaderConfigSchema } from './code-reader/config.ts';
import { doorContactConfigSchema } from './door-contact/config.ts';
import { smokeConfigSchema } from './smoke/config.ts';
import { temperatureConfigSchema } from './temperature/config.ts';

/**
 * A device, by its kind. A new kind has a line here and one in `registry.ts`, and all the rest in its folder.
 */
export const deviceConfigSchema = z.discriminatedUnion('kind', [
  cameraConfigSchema,
  codeReaderConfigSchema,
  doorContactConfigSchema,
  smokeConfigSchema,
  temperatureConfigSchema,
]);

export type DeviceConfig = z.infer<typeof deviceConfigSchema>;
export type DeviceConfigOf<K extends DeviceConfig['kind']> = Extract<DeviceConfig, { kind: K }>;
