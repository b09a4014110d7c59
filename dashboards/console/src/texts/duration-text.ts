import type { Texts } from './texts.tsx';

const units = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
] as const;

/** A length of time in its largest whole unit, seconds at least: "2 minutes". */
export function durationText({ number }: Texts, ms: number): string {
  const [unit, size] = units.find(([, unitMs]) => ms >= unitMs) ?? (['second', 1_000] as const);
  return number(Math.round(ms / size), { style: 'unit', unit, unitDisplay: 'long' });
}

/** A length of time in the largest unit that leaves no fraction: "90 minutes". */
export function wholeDurationText({ number }: Pick<Texts, 'number'>, ms: number): string {
  const [unit, size] = units.find(([, unitMs]) => ms % unitMs === 0) ?? (['second', 1_000] as const);
  return number(ms / size, { style: 'unit', unit, unitDisplay: 'long' });
}
