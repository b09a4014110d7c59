import { join } from 'node:path';

/** Where secrets are: in a folder, each in a file of its name, and those of `secretFiles` elsewhere. */
export interface SecretPlaces {
  readonly secretsFolder: string;
  readonly secretFiles: Readonly<Record<string, string>>;
}

/** The file of the secret of a name. */
export function secretPlace({ secretsFolder, secretFiles }: SecretPlaces, name: string): string {
  return (Object.hasOwn(secretFiles, name) ? secretFiles[name] : undefined) ?? join(secretsFolder, name);
}
