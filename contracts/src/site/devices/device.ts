import { z } from 'zod';
import type { deviceKinds } from '../site.ts';
import { cameraSchema } from './camera.ts';
import { codeReaderSchema } from './code-reader.ts';
import { doorContactSchema } from './door-contact.ts';
import { smokeSchema } from './smoke.ts';
import { temperatureSchema } from './temperature.ts';

/**
 * Every kind of device: what it is told, and with which drivers it can be reached (`connect`). Whoever says
 * more of a device, such as where it stands on the plan, extends the schema of its kind.
 */
export const deviceSchemas = {
  camera: cameraSchema,
  code_reader: codeReaderSchema,
  door_contact: doorContactSchema,
  smoke: smokeSchema,
  temperature: temperatureSchema,
} as const satisfies Record<(typeof deviceKinds)[number], z.ZodObject>;

/** A device as its gateway is told of it, by its kind. */
export const deviceSchema = z.discriminatedUnion('kind', [
  deviceSchemas.camera,
  deviceSchemas.code_reader,
  deviceSchemas.door_contact,
  deviceSchemas.smoke,
  deviceSchemas.temperature,
]);

export type Device = z.infer<typeof deviceSchema>;
export type DeviceOf<K extends Device['kind']> = Extract<Device, { kind: K }>;
/** A device as it is written, before defaults. */
export type DeviceInput = z.input<typeof deviceSchema>;
