import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { pipeline } from 'node:stream';
import { cameraPolicy } from '../policy.ts';
import { dialTls, type TlsTarget } from './dial-tls.ts';

/**
 * A port of this computer that leads to a camera over TLS. FFmpeg’s own TLS checks neither host nor pin, so
 * it is given plain text here and the camera proves itself to us, at every connection.
 */
export class TlsTunnel {
  readonly #target: TlsTarget;
  readonly #server: Server;
  readonly #ends = new Set<Socket>();

  private constructor(target: TlsTarget) {
    this.#target = target;
    this.#server = createServer((near) => void this.#join(near));
    this.#server.maxConnections = cameraPolicy.tunnelConnections;
  }

  /** @throws SourceFailure as {@link dialTls}: a camera that does not prove itself gets no tunnel */
  static async open(target: TlsTarget): Promise<TlsTunnel> {
    (await dialTls(target)).destroy();
    const tunnel = new TlsTunnel(target);
    await new Promise<void>((resolve, reject) => {
      tunnel.#server.once('error', reject);
      tunnel.#server.listen(0, '127.0.0.1', resolve);
    });
    return tunnel;
  }

  /**
   * The address of something at the camera, through the tunnel: `rtsps` and `https` become `rtsp` and `http`.
   */
  through(address: string): string {
    const { port } = this.#server.address() as AddressInfo;
    const { protocol, pathname, search } = new URL(address);
    return `${protocol.replace(/s:$/, ':')}//127.0.0.1:${port}${pathname}${search}`;
  }

  close(): void {
    this.#server.close();
    for (const end of this.#ends) end.destroy();
  }

  async #join(near: Socket): Promise<void> {
    this.#ends.add(near);
    near.once('close', () => this.#ends.delete(near));
    near.on('error', () => undefined);
    try {
      const far = await dialTls(this.#target);
      // Each way ends the other; why it ended is seen by who reads.
      pipeline(near, far, near, () => far.destroy());
    } catch {
      near.destroy();
    }
  }
}
