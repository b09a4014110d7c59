/** The parts of Node-RED that are used; it brings no types of its own. */
declare module 'node-red' {
  import type { IncomingMessage, Server, ServerResponse } from 'node:http';

  type Handler = (
    request: IncomingMessage,
    response: ServerResponse,
    next?: (error?: unknown) => void,
  ) => void;

  export interface NodeRed {
    init(server: Server, settings: object): void;
    start(): Promise<void>;
    stop(): Promise<void>;
    /** `_` looks a text up in the catalogue of the present language. */
    readonly log: { _(key: string): string };
    readonly httpAdmin: Handler;
    readonly httpNode: Handler;
  }
  const nodeRed: NodeRed;
  export default nodeRed;
}
