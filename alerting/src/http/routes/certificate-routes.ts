import { WatchpostError } from '@watchpost/contracts/errors';
import type { Api } from '../api.ts';
import type { ServedCertificate } from '../served-certificate.ts';

/** `GET /ca.crt`: the root of the console’s certificate, for phones and computers to install. */
export function certificateRoutes(app: Api, certificate: ServedCertificate | undefined): void {
  app.get('/ca.crt', { config: { access: 'public' }, schema: { hide: true } }, async (_request, reply) => {
    const root = certificate?.root();
    if (!root) throw new WatchpostError('api.not_found');
    return reply.type('application/x-x509-ca-cert').header('cache-control', 'no-cache').send(root);
  });
}
