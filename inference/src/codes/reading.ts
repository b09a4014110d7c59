import type { Point } from '../frame/frame.ts';

/** One code found in a frame. The payload is hostile until routed (`routePayload`). */
export interface CodeReading {
  readonly text: string;
  readonly bytes: Uint8Array;
  /** ZXing's name: `QRCode`, `MicroQRCode`, `DataMatrix`, `Aztec`, `PDF417`, `EAN13`, `Code128` … */
  readonly format: string;
  /** Corners: top left, top right, bottom right, bottom left of the code, in pixels of the frame. */
  readonly position: readonly [Point, Point, Point, Point];
  /**
   * How many codes make the whole text, when this is one of several (structured append), 0 where the code
   * does not say: its own text is a piece.
   */
  readonly partOf?: number;
  /** 0 = found at first look; higher = which second look found it. */
  readonly look: number;
}

/** Why a payload is to be shown with care. Text in the routed payload is already made inert. */
export type PayloadMark =
  | 'too_long'
  /** What a reader put around the text, or its width and case, was taken off. */
  | 'tolerated'
  | 'control_characters'
  /** Bidirectional, zero-width or other invisible formatting characters. */
  | 'bidi'
  /** The host name is spelled with `xn--`. */
  | 'punycode'
  /** The host name mixes alphabets or is made of look-alike letters. */
  | 'homograph'
  | 'script_url'
  | 'unsafe_scheme'
  | 'credentials';

/** What the text of a code is. `marks` is empty for harmless payloads. */
export type RoutedPayload =
  | { readonly kind: 'pass'; readonly text: string; readonly marks: readonly PayloadMark[] }
  | {
      readonly kind: 'plate';
      readonly text: string;
      readonly id: string;
      readonly domain: string;
      readonly marks: readonly PayloadMark[];
    }
  | {
      readonly kind: 'gs1';
      readonly text: string;
      /** By application identifier. */
      readonly elements: Readonly<Record<string, string>>;
      /** Of a GS1 Digital Link only: where the link leads. */
      readonly host?: string;
      readonly marks: readonly PayloadMark[];
    }
  | {
      readonly kind: 'url';
      readonly text: string;
      readonly host: string;
      readonly marks: readonly PayloadMark[];
    }
  | { readonly kind: 'text'; readonly text: string; readonly marks: readonly PayloadMark[] };
