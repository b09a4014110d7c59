import type { SensorKind } from '../../devices/sensor-kind.ts';
import { jsonAt } from '../mapping/json-value.ts';

/** What a state message of Zigbee2MQTT says of a device; what it does not mention is absent. */
export interface ZigbeeMessage {
  /** As a mapping has it: true = open or alarm; null = the property is there and is no value of the kind. */
  readonly value?: boolean | number | null;
  /** Percent. */
  readonly battery?: number;
  readonly isBatteryLow?: boolean;
  readonly isTampered?: boolean;
}

/**
 * The property that carries the value of each kind (`exposes` of zigbee-herdsman-converters), and the value
 * that means open or alarm.
 */
const properties: { readonly [K in SensorKind]: { readonly name: string; readonly on?: boolean } } = {
  // `contact` is true while the two halves touch.
  door_contact: { name: 'contact', on: false },
  smoke: { name: 'smoke', on: true },
  temperature: { name: 'temperature' },
};

/**
 * @param lowPercent a battery below it is low, where the device does not say so itself
 * @returns null for what is no state message
 */
export function zigbeeMessage(kind: SensorKind, message: unknown, lowPercent: number): ZigbeeMessage | null {
  if (typeof message !== 'object' || message === null || Array.isArray(message)) return null;
  const { battery, battery_low, tamper } = message as Readonly<Record<string, unknown>>;
  const percent = typeof battery === 'number' && battery >= 0 && battery <= 100 ? battery : undefined;
  const isLow =
    typeof battery_low === 'boolean' ? battery_low : percent === undefined ? undefined : percent < lowPercent;
  return {
    ...kindValueOf(kind, message),
    ...(percent === undefined ? {} : { battery: percent }),
    ...(isLow === undefined ? {} : { isBatteryLow: isLow }),
    ...(typeof tamper === 'boolean' ? { isTampered: tamper } : {}),
  };
}

function kindValueOf(kind: SensorKind, message: object): Pick<ZigbeeMessage, 'value'> {
  const { name, on } = properties[kind];
  const value = jsonAt(message, `/${name}`);
  // Zigbee2MQTT says null for what it does not know yet.
  if (value === undefined || value === null) return {};
  if (on !== undefined) return { value: typeof value === 'boolean' ? value === on : null };
  return { value: typeof value === 'number' && Number.isFinite(value) ? value : null };
}

/** What an availability or bridge topic says: `online`, `offline`, or as JSON `{"state":…}`; null else. */
export function zigbeeAvailability(message: unknown): 'online' | 'offline' | null {
  const state =
    typeof message === 'object' && message !== null && 'state' in message ? message.state : message;
  return state === 'online' || state === 'offline' ? state : null;
}
