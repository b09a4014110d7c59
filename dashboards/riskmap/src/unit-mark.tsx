/** Somebody of a unit as the map shows them. */
export interface MapUnit {
  readonly id: string;
  /** Metres from the corner of the plan. */
  readonly at: readonly [number, number];
  /** Within how much it is known, metres. */
  readonly accuracyM: number;
  /** What stands beside the sign. */
  readonly name: string;
  /** Name, state and age in words. */
  readonly text: string;
  readonly state: 'available' | 'busy' | 'off_duty';
}

/** A person: head and shoulders, on a 24×24 field. */
const sign = 'M12 11a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4 21c1-5 4-7 8-7s7 2 8 7';
const radiusPx = 11;

/** Where somebody is, with how well that is known; the list beside the map says the same in words. */
export function UnitMark({ unit, pixelM }: { readonly unit: MapUnit; readonly pixelM: number }) {
  const [x, y] = unit.at;
  const knownPx = unit.accuracyM / pixelM;
  return (
    <g
      className="riskmap-unit"
      data-unit={unit.id}
      data-state={unit.state}
      transform={`translate(${x} ${y}) scale(${pixelM})`}
    >
      <title>{unit.text}</title>
      {knownPx > radiusPx && <circle className="riskmap-accuracy" r={knownPx} />}
      <circle className="riskmap-unit-disc" r={radiusPx} />
      <path className="riskmap-unit-sign" d={sign} transform="translate(-7.8 -7.8) scale(0.65)" />
      <text className="riskmap-device-name" y={radiusPx + 17} textAnchor="middle">
        {unit.name}
      </text>
    </g>
  );
}
