import { readFile } from 'node:fs/promises';
import {
  encodeFormats,
  prepareZXingModule,
  READABLE_BARCODE_FORMATS,
  type ReadInputBarcodeFormat,
} from 'zxing-wasm/reader';
import type { Point } from '../frame/frame.ts';
import type { CodeReading } from './reading.ts';
import { undeclaredText } from './undeclared-text.ts';

/** A gray picture, one byte per pixel, row-major. */
export interface GrayImage {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/** One way of looking with ZXing. */
export interface Look {
  readonly formats: string;
  readonly maxCodes: number;
  readonly tryHarder: boolean;
  readonly tryRotate: boolean;
  readonly tryInvert: boolean;
  readonly tryDownscale: boolean;
  readonly tryDenoise: boolean;
  /** Rows that must agree on a code of one row, default 2. */
  readonly minLines?: number;
  readonly binarizer: 'LocalAverage' | 'GlobalHistogram' | 'FixedThreshold';
}

/**
 * The part of the WebAssembly module that we call; its published types need Emscripten's, which the package
 * does not bring.
 */
export interface ZxingModule {
  readonly HEAPU8: Uint8Array;
  _malloc(bytes: number): number;
  _free(pointer: number): void;
  readBarcodesFromPixmap(
    pointer: number,
    width: number,
    height: number,
    options: Readonly<Record<string, string | number | boolean>>,
  ): { size(): number; get(index: number): ZxingResult | undefined; delete(): void };
}

interface ZxingResult {
  readonly isValid: boolean;
  readonly text: string;
  readonly bytes: Uint8Array;
  readonly format: string;
  readonly contentType: number;
  /** Whether the code says in which characters it is written. */
  readonly hasECI: boolean;
  /** Of a structured append: how many codes make the text, 0 where the code does not say; -1 of a whole. */
  readonly sequenceSize: number;
  /** Of a structured append: which of them this is, from 0; -1 of a whole. */
  readonly sequenceIndex: number;
  readonly position: Readonly<Record<'topLeft' | 'topRight' | 'bottomRight' | 'bottomLeft', Point>>;
}

const binarizers = { LocalAverage: 0, GlobalHistogram: 1, FixedThreshold: 2 } as const;

let loading: Promise<ZxingModule> | null = null;

/** The reader's WebAssembly from the npm package on disk, once per process. */
export function loadZxing(): Promise<ZxingModule> {
  loading ??= readFile(new URL(import.meta.resolve('zxing-wasm/reader/zxing_reader.wasm'))).then((bytes) => {
    const wasmBinary = bytes.buffer.slice(
      bytes.byteOffset,
      bytes.byteOffset + bytes.byteLength,
    ) as ArrayBuffer;
    const overrides = { wasmBinary } as object;
    return prepareZXingModule({
      overrides,
      fireImmediately: true,
    }) as Promise<unknown> as Promise<ZxingModule>;
  });
  return loading;
}

/** ZXing's own spelling of a list of format names; null when one is unknown. */
export function formatList(names: readonly string[]): string | null {
  const known: readonly string[] = READABLE_BARCODE_FORMATS;
  return names.every((name) => known.includes(name))
    ? encodeFormats([...names] as ReadInputBarcodeFormat[])
    : null;
}

/**
 * ZXing's numbers: text as it is in the code, or as people read it (GS1 with brackets, control characters
 * spelled out).
 */
const textModes = { plain: 0, forPeople: 2 } as const;
const gs1Content = 3;

interface TextReading extends Omit<CodeReading, 'look'> {
  readonly gs1: boolean;
}

/** Reads the codes of a gray picture; GS1 texts come with their identifiers in brackets. */
export function readGray(
  module: ZxingModule,
  image: GrayImage,
  look: Look,
  lookIndex: number,
): CodeReading[] {
  const results = readTexts(module, image, look, textModes.plain);
  const bracketed = results.some(({ gs1 }) => gs1) ? readTexts(module, image, look, textModes.forPeople) : [];
  return results.map(({ gs1, ...reading }) => {
    const twin = gs1 ? bracketed.find(({ bytes }) => Buffer.from(bytes).equals(reading.bytes)) : undefined;
    return { ...reading, text: twin?.text ?? reading.text, look: lookIndex };
  });
}

function readTexts(
  module: ZxingModule,
  { width, height, data }: GrayImage,
  look: Look,
  textMode: number,
): TextReading[] {
  const { maxCodes, binarizer, minLines = 2, ...flags } = look;
  const pointer = module._malloc(width * height);
  if (!pointer) return [];
  try {
    module.HEAPU8.set(data.subarray(0, width * height), pointer);
    const found = module.readBarcodesFromPixmap(pointer, width, height, {
      ...flags,
      textMode,
      binarizer: binarizers[binarizer],
      maxNumberOfSymbols: maxCodes,
      isPure: false,
      downscaleFactor: 3,
      downscaleThreshold: 500,
      minLineCount: minLines,
      validateOptionalChecksum: false,
      returnErrors: false,
      eanAddOnSymbol: 0,
      characterSet: 0,
      tryCode39ExtendedMode: true,
    });
    const readings: TextReading[] = [];
    for (let i = 0; i < found.size(); i++) {
      const result = found.get(i);
      if (result?.isValid) readings.push(toReading(result));
    }
    found.delete();
    return readings;
  } finally {
    module._free(pointer);
  }
}

function toReading(result: ZxingResult): TextReading {
  const { bytes, format, contentType, position } = result;
  const { topLeft, topRight, bottomRight, bottomLeft } = position;
  const corners = [topLeft, topRight, bottomRight, bottomLeft] as const;
  const gs1 = contentType === gs1Content;
  const text = result.hasECI || gs1 ? result.text : (undeclaredText(bytes) ?? result.text);
  return { text, bytes: bytes.slice(), format, position: corners, gs1, ...partIn(result) };
}

/** The only one of one is a whole; one after the first of one is a piece of nobody knows how many. */
function partIn({ sequenceSize, sequenceIndex }: ZxingResult): Pick<CodeReading, 'partOf'> {
  if (sequenceIndex < 0 || (sequenceSize === 1 && sequenceIndex === 0)) return {};
  return { partOf: sequenceSize > sequenceIndex ? sequenceSize : 0 };
}
