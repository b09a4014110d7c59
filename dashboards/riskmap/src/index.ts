export { deviceSigns, type MapDevice } from './device-mark.tsx';
export { type HeatLegendEntry, heatLegend, heatScale } from './heat-classes.ts';
export { RiskMap, type RiskMapProps } from './risk-map.tsx';
export type { MapUnit } from './unit-mark.tsx';
