/** How pixels become numbers of a model input: `(value − mean) × scale`, in planes. */
export interface PixelCoding {
  readonly colour: 'RGB' | 'BGR' | 'GRAY';
  readonly mean: number;
  readonly scale: number;
}

/**
 * Maps output pixels to frame pixels: `x = a·u + b·v + c`, `y = d·u + e·v + f`; pixel centres are integers.
 */
export interface Affine {
  readonly a: number;
  readonly b: number;
  readonly c: number;
  readonly d: number;
  readonly e: number;
  readonly f: number;
}
