import type { SiteDevice } from './site.ts';

/**
 * What a device of each kind measures, with its SenML unit (RFC 8428 §12.1; null where the value has none). A
 * name or a unit that is not here is refused: telemetry carries nothing else.
 */
export const deviceMetrics = {
  camera: {},
  code_reader: {},
  door_contact: { open: null, battery: '%EL' },
  smoke: { smoke: null, battery: '%EL' },
  temperature: { temperature: 'Cel', battery: '%EL' },
} as const satisfies Record<SiteDevice['kind'], Readonly<Record<string, string | null>>>;

/** Whether a device of this kind measures this, in this unit. */
export function measures(kind: SiteDevice['kind'], metric: string, unit: string | null): boolean {
  const known: Readonly<Record<string, string | null>> = deviceMetrics[kind];
  return Object.hasOwn(known, metric) && known[metric] === unit;
}
