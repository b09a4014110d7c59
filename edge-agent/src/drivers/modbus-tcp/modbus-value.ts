import type { ModbusTcpConnect } from '@watchpost/contracts/site';

/** What is asked of a Modbus server (Modbus Application Protocol 1.1b3 §6.1–6.4). */
export interface ModbusQuestion {
  /** Function code. */
  readonly code: 1 | 2 | 3 | 4;
  readonly unit: number;
  readonly address: number;
  /** Bits or registers. */
  readonly count: number;
}

/** What it answered: bits of functions 1 and 2, or the bytes of registers. */
export interface ModbusAnswer {
  readonly bits: readonly boolean[];
  readonly bytes: Buffer;
}

const codes = { coil: 1, discrete: 2, holding: 3, input: 4 } as const;

/** The question that reads a value. */
export function modbusQuestion(connect: ModbusTcpConnect): ModbusQuestion {
  const { unit, address, type = 'u16' } = connect;
  const isWide = type === 'u32' || type === 's32' || type === 'f32';
  return { code: codes[connect.function], unit, address, count: isWide ? 2 : 1 };
}

/** The value in an answer; null when it is shorter than what was asked for. */
export function modbusValue(
  connect: ModbusTcpConnect,
  { bits, bytes }: ModbusAnswer,
): boolean | number | null {
  if (connect.function === 'coil' || connect.function === 'discrete') return bits[0] ?? null;
  const { type = 'u16', bit = 0, wordOrder } = connect;
  if (type === 'bit' || type === 'u16' || type === 's16') {
    if (bytes.length < 2) return null;
    if (type === 'bit') return ((bytes.readUInt16BE(0) >> bit) & 1) === 1;
    return type === 'u16' ? bytes.readUInt16BE(0) : bytes.readInt16BE(0);
  }
  if (bytes.length < 4) return null;
  const [first, second] = [bytes.subarray(0, 2), bytes.subarray(2, 4)];
  const value = Buffer.concat(wordOrder === 'big' ? [first, second] : [second, first]);
  if (type === 'f32') return value.readFloatBE(0);
  return type === 'u32' ? value.readUInt32BE(0) : value.readInt32BE(0);
}
