// The library wants this one loaded before it.
import 'reflect-metadata';

export * from '@peculiar/x509';

/** Elliptic curve P-256 with SHA-256 (FIPS 186-5): what every TLS implementation in use can do. */
export const signingAlgorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
