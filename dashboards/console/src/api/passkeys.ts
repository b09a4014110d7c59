import type { NewPasskey, PasskeyAssertion, PasskeyOptions } from '@watchpost/contracts/api';
import { ApiProblem } from './ask.ts';

const toText = (bytes: ArrayBuffer): string =>
  btoa(String.fromCharCode(...new Uint8Array(bytes)))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');

function toBytes(text: unknown): Uint8Array<ArrayBuffer> {
  const plain = atob(String(text).replaceAll('-', '+').replaceAll('_', '/'));
  return Uint8Array.from(plain, (sign) => sign.charCodeAt(0));
}

interface Named {
  readonly id: string;
}

/** Credentials by their ids, as the browser takes them. */
const descriptors = (list: unknown): PublicKeyCredentialDescriptor[] =>
  ((list ?? []) as readonly Named[]).map((one) => ({
    ...(one as unknown as PublicKeyCredentialDescriptor),
    id: toBytes(one.id),
  }));

/** What the browser refuses says little, so that pages learn nothing of passkeys: it is told by its kind. */
async function withBrowser<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (failure) {
    const name = failure instanceof DOMException ? failure.name : '';
    const code = { NotAllowedError: 'passkey_cancelled', InvalidStateError: 'passkey_exists' }[name];
    throw new ApiProblem(`console.${code ?? 'passkey_failed'}`, String(failure), 0);
  }
}

/** Has the browser make a passkey. @throws ApiProblem `console.passkey_*` */
export async function createPasskey(options: PasskeyOptions): Promise<NewPasskey> {
  const { user, excludeCredentials } = options as unknown as {
    readonly user: Named;
    readonly excludeCredentials?: unknown;
  };
  const publicKey = {
    ...options,
    challenge: toBytes(options.challenge),
    user: { ...user, id: toBytes(user.id) },
    excludeCredentials: descriptors(excludeCredentials),
  } as unknown as PublicKeyCredentialCreationOptions;
  return withBrowser(async () => {
    const made = (await navigator.credentials.create({ publicKey })) as PublicKeyCredential;
    const response = made.response as AuthenticatorAttestationResponse;
    const key = response.getPublicKey();
    // A key of a kind that was not asked for.
    if (!key) throw new DOMException('no public key', 'NotSupportedError');
    return {
      id: toText(made.rawId),
      clientDataJSON: toText(response.clientDataJSON),
      authenticatorData: toText(response.getAuthenticatorData()),
      publicKey: toText(key),
      algorithm: response.getPublicKeyAlgorithm(),
      transports: response.getTransports(),
    };
  });
}

/** Has the browser sign a log-in with a passkey. @throws ApiProblem `console.passkey_*` */
export async function signWithPasskey(options: PasskeyOptions): Promise<PasskeyAssertion> {
  const { allowCredentials } = options as { readonly allowCredentials?: unknown };
  const publicKey = {
    ...options,
    challenge: toBytes(options.challenge),
    allowCredentials: descriptors(allowCredentials),
  } as unknown as PublicKeyCredentialRequestOptions;
  return withBrowser(async () => {
    const used = (await navigator.credentials.get({ publicKey })) as PublicKeyCredential;
    const response = used.response as AuthenticatorAssertionResponse;
    return {
      id: toText(used.rawId),
      clientDataJSON: toText(response.clientDataJSON),
      authenticatorData: toText(response.authenticatorData),
      signature: toText(response.signature),
      userHandle: response.userHandle ? toText(response.userHandle) : null,
    };
  });
}
