import { join } from 'node:path';

/** The files of a site’s authority. Only `authority.key` and `server.key` are secret. */
export interface AuthorityFolder {
  readonly certificate: string;
  readonly key: string;
  readonly serverCertificate: string;
  readonly serverKey: string;
  readonly register: string;
  readonly revocations: string;
}

export function authorityFolder(folder: string): AuthorityFolder {
  return {
    certificate: join(folder, 'authority.pem'),
    key: join(folder, 'authority.key'),
    serverCertificate: join(folder, 'server.pem'),
    serverKey: join(folder, 'server.key'),
    register: join(folder, 'register.sqlite'),
    revocations: join(folder, 'revocations.json'),
  };
}
