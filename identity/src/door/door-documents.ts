/** The documents of a gateway at the door. */
export type DocumentKind = 'site' | 'permit';

/** A document as it is fetched. */
export interface DoorDocument {
  readonly bytes: Uint8Array;
  /** SHA-256, hexadecimal: what the announcement says, and the entity tag. */
  readonly digest: string;
}

/** Where the door finds what gateways are told. */
export interface DoorDocuments {
  /** undefined for a gateway that the site says nothing of. */
  find(site: string, gateway: string, kind: DocumentKind): DoorDocument | undefined;
  /** The public keys that sign announcements of a site. */
  keys(site: string): readonly { readonly kid: string; readonly publicKey: string }[];
}

/** Of a service that only certifies. */
export const noDocuments: DoorDocuments = { find: () => undefined, keys: () => [] };
