/** Packages that a running service is made of. */
export const servicePackages = [
  'contracts',
  'service',
  'identity',
  'passes',
  'hardware',
  'inference',
  'edge-agent',
  'broker',
  'alerting',
  'flows',
  'cli',
] as const;

/**
 * Whether a file of such a package, by its path in there, is part of what runs: sources and profiles, no
 * tests.
 */
export const isSourceOfServices = (path: string): boolean =>
  /^(src|profiles|models|nodes)[\\/].*\.(ts|json|mjs|js|html)$/.test(path) &&
  !/\.(test|fuzz)\.ts$|[\\/](testing|bench|eval)[\\/]/.test(path);
