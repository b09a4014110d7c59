import type { ReadingValue } from '@watchpost/hardware';
import type { SensorKind } from '../../devices/sensor-kind.ts';
import type { Quantity } from './map-value.ts';

/** What a value means by the kind of the device that said it. */
export interface KindValue {
  readonly quantity: Quantity;
  reading(value: boolean | number): ReadingValue;
}

/** A device of a new kind has a line here. Of a switch, true = open or alarm. */
export const kindValues: { readonly [K in SensorKind]: KindValue } = {
  door_contact: { quantity: 'switch', reading: (value) => ({ kind: 'door', open: value === true }) },
  smoke: { quantity: 'switch', reading: (value) => ({ kind: 'smoke', alarm: value === true }) },
  temperature: { quantity: 'number', reading: (value) => ({ kind: 'temperature', celsius: Number(value) }) },
};
