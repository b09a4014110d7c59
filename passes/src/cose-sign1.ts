import { decode, encode, rfc8949EncodeOptions, Tagged } from 'cborg';

/** COSE header labels (RFC 9052 section 3.1) and EdDSA (RFC 9053 section 2.2). */
const algLabel = 1;
const kidLabel = 4;
const eddsa = -8;
/** CBOR tags of COSE_Sign1 (RFC 9052) and of a CWT (RFC 8392 section 6). */
const sign1Tag = 18;

const kidPattern = /^[A-Za-z0-9_-]{1,64}$/;

/** A parsed COSE_Sign1; nothing in it is trusted until `signatureInput` was verified. */
export interface Sign1 {
  readonly kid: string;
  readonly protectedHeader: Uint8Array;
  readonly payload: Uint8Array;
  readonly signature: Uint8Array;
}

/** Deterministic CBOR (RFC 8949 section 4.2.1): equal values are equal bytes. */
export function encodeCbor(value: unknown): Uint8Array {
  return encode(value, rfc8949EncodeOptions);
}

/**
 * null unless the bytes are exactly one deterministic CBOR item without floats beyond need; maps come back as
 * `Map`.
 */
export function decodeCbor(bytes: Uint8Array): unknown {
  try {
    return decode(bytes, {
      useMaps: true,
      strict: true,
      rejectDuplicateMapKeys: true,
      allowIndefinite: false,
      allowUndefined: false,
      allowInfinity: false,
      allowNaN: false,
      tags: Tagged.preserve(sign1Tag),
    });
  } catch {
    return null;
  }
}

/** The protected header `{1: -8, 4: kid}` as bytes. */
export function protectedHeaderOf(kid: string): Uint8Array {
  return encodeCbor(
    new Map<number, unknown>([
      [algLabel, eddsa],
      [kidLabel, new TextEncoder().encode(kid)],
    ]),
  );
}

/**
 * What is signed: `Sig_structure` with context `Signature1` (RFC 9052 section 4.4); `purpose` is the external
 * data, empty for passes.
 */
export function signatureInput(protectedHeader: Uint8Array, payload: Uint8Array, purpose = ''): Uint8Array {
  return encodeCbor(['Signature1', protectedHeader, new TextEncoder().encode(purpose), payload]);
}

/** Tag 18 over `[protected, {}, payload, signature]`. */
export function encodeSign1({ protectedHeader, payload, signature }: Omit<Sign1, 'kid'>): Uint8Array {
  return encodeCbor(new Tagged(sign1Tag, [protectedHeader, new Map(), payload, signature]));
}

/**
 * null unless the bytes are the one encoding that `encodeSign1` gives: algorithm EdDSA and the key id in the
 * protected header, an empty unprotected header. So a pass has exactly one text, and a revoked text cannot be
 * dressed up as another.
 */
export function decodeSign1(bytes: Uint8Array): Sign1 | null {
  const item = decodeCbor(bytes);
  if (!(item instanceof Tagged) || item.tag !== sign1Tag || !Array.isArray(item.value)) return null;
  const [protectedHeader, unprotected, payload, signature, ...rest] = item.value as unknown[];
  if (
    !(
      protectedHeader instanceof Uint8Array &&
      payload instanceof Uint8Array &&
      signature instanceof Uint8Array
    )
  )
    return null;
  if (!(unprotected instanceof Map) || unprotected.size > 0 || rest.length > 0) return null;
  const header = decodeCbor(protectedHeader);
  if (!(header instanceof Map) || header.get(algLabel) !== eddsa || header.size !== 2) return null;
  const kidBytes: unknown = header.get(kidLabel);
  if (!(kidBytes instanceof Uint8Array)) return null;
  const kid = Buffer.from(kidBytes).toString('latin1');
  if (!kidPattern.test(kid)) return null;
  const parsed = { kid, protectedHeader, payload, signature };
  return Buffer.from(encodeSign1(parsed)).equals(bytes) ? parsed : null;
}
