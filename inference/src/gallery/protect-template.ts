import { WatchpostError } from '@watchpost/contracts/errors';
import { unitLength } from '../face/embed.ts';
import type { GalleryKeys } from './entry.ts';
import { seal, unseal } from './sealed-box.ts';
import { createTemplateTransform } from './template-transform.ts';

/**
 * One template, transformed and encrypted, for storage. `context` (an entry id) is bound to it: it opens only
 * with the same one.
 * @throws WatchpostError `inference.template_invalid` (zero, not finite, length not a power of two, key not
 *   32 bytes)
 */
export function protectTemplate(template: Float32Array, keys: GalleryKeys, context = ''): Uint8Array {
  const unit = unitLength(template);
  if (!unit) throw new WatchpostError('inference.template_invalid', { details: { expected: 'a direction' } });
  const turned = createTemplateTransform(keys.transformKey, unit.length).apply(unit);
  return seal(littleEndian(turned), keys.deploymentKey, 'template', context);
}

/**
 * Undoes `protectTemplate`, up to rounding; the result has unit length. With another `transformKey` the
 * result is a valid but meaningless direction: that is what makes a template revocable.
 * @throws WatchpostError `inference.template_invalid` when damaged, or the deployment key or the context is
 *   another
 */
export function unprotectTemplate(bytes: Uint8Array, keys: GalleryKeys, context = ''): Float32Array {
  const turned = fromLittleEndian(unseal(bytes, keys.deploymentKey, 'template', context));
  return createTemplateTransform(keys.transformKey, turned.length).invert(turned);
}

/** IEEE 754 single precision, little endian on every machine. */
export function littleEndian(values: Float32Array): Uint8Array {
  const view = new DataView(new ArrayBuffer(values.length * 4));
  values.forEach((value, i) => {
    view.setFloat32(i * 4, value, true);
  });
  return new Uint8Array(view.buffer);
}

/**
 * @throws WatchpostError `inference.template_invalid` when the bytes are no whole number of finite numbers
 */
export function fromLittleEndian(bytes: Uint8Array): Float32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const values = new Float32Array(Math.floor(bytes.length / 4));
  for (let i = 0; i < values.length; i++) values[i] = view.getFloat32(i * 4, true);
  if (bytes.length % 4 === 0 && values.every(Number.isFinite)) return values;
  throw new WatchpostError('inference.template_invalid', { details: { bytes: bytes.length } });
}
