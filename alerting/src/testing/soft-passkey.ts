import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import type { NewPasskey, PasskeyAssertion, PasskeyOptions } from '@watchpost/contracts/api';

const sha256 = (data: Buffer | string): Buffer => createHash('sha256').update(data).digest();

/** What an answer says otherwise than it should. */
export interface Twist {
  readonly origin?: string;
  readonly rpId?: string;
  readonly challenge?: string;
  readonly type?: string;
  readonly crossOrigin?: boolean;
  readonly userVerified?: boolean;
  readonly userPresent?: boolean;
  readonly counter?: number;
  readonly userHandle?: string | null;
}

/** A passkey in memory, which signs what it is told to, also what it should not. */
export class SoftPasskey {
  readonly id = randomBytes(16).toString('base64url');
  readonly #privateKey: KeyObject;
  readonly #publicKey: KeyObject;
  readonly #origin: string;
  #userHandle: string | null = null;
  counter = 0;

  /** `origin`: of the page at which it is used. */
  constructor(origin: string) {
    this.#origin = origin;
    ({ privateKey: this.#privateKey, publicKey: this.#publicKey } = generateKeyPairSync('ec', {
      namedCurve: 'prime256v1',
    }));
  }

  /** What a browser makes of the options of a registration. */
  create(options: PasskeyOptions, twist: Twist = {}): NewPasskey {
    const { user } = options as unknown as { readonly user: { readonly id: string } };
    this.#userHandle = user.id;
    const id = Buffer.from(this.id, 'base64url');
    const length = Buffer.alloc(2);
    length.writeUInt16BE(id.length);
    return {
      id: this.id,
      clientDataJSON: this.#clientData(options, { type: 'webauthn.create', ...twist }),
      authenticatorData: Buffer.concat([this.#data(0x40, twist), randomBytes(16), length, id]).toString(
        'base64url',
      ),
      publicKey: this.#publicKey.export({ format: 'der', type: 'spki' }).toString('base64url'),
      algorithm: -7,
      transports: ['internal'],
    };
  }

  /** What a browser gives for the options of a log-in. */
  get(options: PasskeyOptions, twist: Twist = {}): PasskeyAssertion {
    const clientDataJSON = this.#clientData(options, { type: 'webauthn.get', ...twist });
    const data = this.#data(0, twist);
    const signed = Buffer.concat([data, sha256(Buffer.from(clientDataJSON, 'base64url'))]);
    return {
      id: this.id,
      clientDataJSON,
      authenticatorData: data.toString('base64url'),
      signature: sign('sha256', signed, this.#privateKey).toString('base64url'),
      userHandle: twist.userHandle === undefined ? this.#userHandle : twist.userHandle,
    };
  }

  #clientData({ challenge }: PasskeyOptions, twist: Twist): string {
    const said = { type: twist.type, challenge: twist.challenge ?? challenge };
    const page = { origin: twist.origin ?? this.#origin, crossOrigin: twist.crossOrigin ?? false };
    return Buffer.from(JSON.stringify({ ...said, ...page })).toString('base64url');
  }

  #data(more: number, { rpId, userVerified = true, userPresent = true, counter }: Twist): Buffer {
    this.counter = counter ?? this.counter + 1;
    const fixed = Buffer.alloc(37);
    sha256(rpId ?? new URL(this.#origin).hostname).copy(fixed);
    fixed[32] = more | (userPresent ? 0x01 : 0) | (userVerified ? 0x04 : 0);
    fixed.writeUInt32BE(this.counter, 33);
    return fixed;
  }
}
