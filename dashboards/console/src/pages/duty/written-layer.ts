import type { DutyDays, DutyLayer } from '@watchpost/contracts/api';
import { newId } from '../../api/new-id.ts';

/** A layer while it is written, with a key of its own: layers may have equal names. */
export interface WrittenLayer {
  readonly key: string;
  readonly name: string;
  readonly days: string;
  readonly from: string;
  readonly to: string;
  readonly since: string;
  readonly unit: DutyLayer['rotation']['unit'];
  readonly every: string;
  readonly people: readonly string[];
}

const everyDay = [1, 2, 3, 4, 5, 6, 7];

/** Days as the choice of the form has them: a kind of days, or weekdays with a comma between them. */
const daysText = (days: DutyDays): string => (days.kind === 'weekdays' ? days.weekdays.join(',') : days.kind);
const toDays = (text: string): DutyDays =>
  text === 'working_days' || text === 'days_off'
    ? { kind: text }
    : { kind: 'weekdays', weekdays: text.split(',').map(Number) };

/** A layer of a rota that is changed. */
export const written = ({ name, days, from, to, rotation }: DutyLayer): WrittenLayer => ({
  ...{ key: newId(), name, days: daysText(days), from, to },
  ...{ since: rotation.since, unit: rotation.unit, every: String(rotation.every), people: rotation.people },
});

/** What was written, as the API takes it. */
export const toLayer = (layer: WrittenLayer): DutyLayer => ({
  ...{ name: layer.name, days: toDays(layer.days), from: layer.from, to: layer.to },
  rotation: {
    ...{ since: layer.since, unit: layer.unit, every: Number(layer.every), people: [...layer.people] },
  },
});

/** A week for each, 24 h a day, from today on. */
export const newLayer = (name: string): WrittenLayer => ({
  ...{ key: newId(), name, days: everyDay.join(','), from: '08:00', to: '08:00' },
  ...{ since: new Date().toISOString().slice(0, 10), unit: 'week', every: '1', people: [] },
});
