import { z } from 'zod';
import { mappingSchema } from './mapping.ts';
import { hostSchema, portSchema } from './network-address.ts';
import { connectPolicy } from './policy.ts';

/** Tables of a Modbus server (Modbus Application Protocol 1.1b3 §4.3): functions 1, 2, 3 and 4 read them. */
export const modbusTables = ['coil', 'discrete', 'holding', 'input'] as const;
/** What registers hold, 16 bits each: `bit` is one of them. */
export const modbusTypes = ['bit', 'u16', 's16', 'u32', 's32', 'f32'] as const;

/**
 * A value that the gateway reads again and again from a Modbus server; all behind one host and port share a
 * connection.
 */
export const modbusTcpConnectSchema = z
  .strictObject({
    driver: z.literal('modbus-tcp'),
    host: hostSchema,
    port: portSchema.default(502),
    /** Unit identifier: which device behind a gateway; 255 or 1 where there is only one. */
    unit: z.number().int().min(0).max(255).default(1),
    function: z.enum(modbusTables),
    /** As on the wire, counted from 0: “40001” of a manual is address 0 of `holding`. */
    address: z.number().int().min(0).max(65_535),
    /** Left out: `bit` of coils and discrete inputs, `u16` of registers. */
    type: z.enum(modbusTypes).optional(),
    /** Which bit of a register; 0 = the least. */
    bit: z.number().int().min(0).max(15).optional(),
    /** Of 32 bits: `big` = the first register holds the upper half. */
    wordOrder: z.enum(['big', 'little']).default('big'),
    everyMs: z
      .number()
      .int()
      .min(connectPolicy.poll.leastMs)
      .max(connectPolicy.poll.mostMs)
      .default(connectPolicy.poll.everyMs),
    value: mappingSchema.prefault({}),
  })
  .superRefine((connect, context) => {
    const complain = (field: string, message: string) =>
      context.addIssue({ code: 'custom', path: [field], message });
    const isRegister = connect.function === 'holding' || connect.function === 'input';
    if (!isRegister && connect.type !== undefined && connect.type !== 'bit') complain('type', 'bit');
    if (connect.bit !== undefined && (!isRegister || connect.type !== 'bit')) complain('bit', 'type: bit');
    if (isRegister && connect.type === 'bit' && connect.bit === undefined) complain('bit', '0…15');
    if (connect.value.pointer !== '') complain('value', 'pointer: ""');
  });
export type ModbusTcpConnect = z.infer<typeof modbusTcpConnectSchema>;
