/** A video codec that RTP carries in NAL units. */
export type NalCodec = 'h264' | 'h265';

const typeOf = (nal: Buffer, codec: NalCodec): number =>
  codec === 'h265' ? ((nal[0] ?? 0) >> 1) & 63 : (nal[0] ?? 0) & 31;

/** NAL units of a byte stream (ITU-T H.264 Annex B). */
export function nalUnits(bytes: Buffer): Buffer[] {
  const units: Buffer[] = [];
  const starts: number[] = [];
  for (let at = bytes.indexOf(startCode); at >= 0; at = bytes.indexOf(startCode, at + 3)) starts.push(at);
  starts.forEach((start, i) => {
    const next = starts[i + 1] ?? bytes.length;
    const end = i + 1 < starts.length && bytes[next - 1] === 0 ? next - 1 : next;
    if (end > start + 3) units.push(bytes.subarray(start + 3, end));
  });
  return units;
}

const startCode = Buffer.from([0, 0, 1]);

/** Access units: what belongs to one picture. */
export function accessUnits(bytes: Buffer, codec: NalCodec): Buffer[][] {
  const units: Buffer[][] = [];
  let unit: Buffer[] = [];
  let hasSlice = false;
  for (const nal of nalUnits(bytes)) {
    const type = typeOf(nal, codec);
    const slice = codec === 'h265' ? type < 32 : type >= 1 && type <= 5;
    const first = slice && ((nal[codec === 'h265' ? 2 : 1] ?? 0) & 128) !== 0;
    if (hasSlice && (!slice || first)) {
      units.push(unit);
      unit = [];
      hasSlice = false;
    }
    unit.push(nal);
    hasSlice ||= slice;
  }
  if (unit.length > 0) units.push(unit);
  return units;
}

/** A parameter set of a picture, base64, as SDP wants it. */
export function parameterSet(unit: readonly Buffer[], codec: NalCodec, type: number): string {
  return unit.find((nal) => typeOf(nal, codec) === type)?.toString('base64') ?? '';
}
