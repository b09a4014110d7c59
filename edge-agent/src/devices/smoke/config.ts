import { z } from 'zod';
import { device, simulated } from '../device-fields.ts';

export const smokeConfigSchema = z.strictObject({ ...device, kind: z.literal('smoke'), ...simulated });
