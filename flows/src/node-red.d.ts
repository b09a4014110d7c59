/** The parts of Node-RED and Express that are used; neither brings its own types. */
declare module 'node-red' {
  import type { IncomingMessage, Server, ServerResponse } from 'node:http';

  type Handler = (
    request: IncomingMessage,
    response: ServerResponse,
    next?: (error?: unknown) => void,
  ) => void;

  interface NodeRed {
    init(server: Server, settings: object): void;
    start(): Promise<void>;
    stop(): Promise<void>;
    readonly httpAdmin: Handler;
    readonly httpNode: Handler;
  }
  const nodeRed: NodeRed;
  export default nodeRed;
}

declare module 'express' {
  import type { IncomingMessage, ServerResponse } from 'node:http';

  type Handler = (
    request: IncomingMessage,
    response: ServerResponse,
    next: (error?: unknown) => void,
  ) => void;
  interface Application extends Handler {
    use(path: string, handler: Handler): void;
    use(handler: Handler): void;
    disable(setting: string): void;
    (request: IncomingMessage, response: ServerResponse): void;
  }
  export default function express(): Application;
}
