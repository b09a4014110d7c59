import { gatewayIdSchema, serverAddressesSchema, siteIdSchema } from '@watchpost/contracts/wire';
import { replaceSecretFile } from '@watchpost/service';
import { z } from 'zod';

/** What a gateway knows of its server since it was claimed: enough to be told everything else. */
export const claimedServerSchema = z.object({
  site: siteIdSchema,
  gateway: gatewayIdSchema,
  ...serverAddressesSchema.shape,
});
export type ClaimedServer = z.infer<typeof claimedServerSchema>;

/** @throws WatchpostError `config.data_folder` */
export function writeServer(path: string, server: z.input<typeof claimedServerSchema>): void {
  replaceSecretFile(path, `${JSON.stringify(server, null, 2)}\n`);
}
