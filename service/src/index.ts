export { type AddressShareOptions, limitPerAddress } from './address-share.ts';
export { replaceFile, replaceFileSync } from './atomic-file.ts';
export { backoffMs } from './backoff.ts';
export { limitKey, plainAddress } from './client-address.ts';
export { endWithParent } from './end-with-parent.ts';
export { lockFolder, makeFolders, type ReleaseFolder } from './folder-lock.ts';
export {
  type DroppedConnections,
  fastifyServerOptions,
  httpServerOptions,
  limitConnections,
  listenHttp,
} from './http-server.ts';
export { isAlive } from './is-alive.ts';
export type { LocalServer } from './listen-locally.ts';
export {
  type ExchangeLimits,
  exchangeLocally,
  type Parcel,
  serveExchanges,
} from './local-exchange.ts';
export { adminSocketOf, askLocally, serveLocally } from './local-socket.ts';
export { LogQuota } from './log-quota.ts';
export { isLoopbackHost, isReadableOnTheWay } from './loopback.ts';
export { MetricsEndpoint } from './metrics-endpoint.ts';
export { type HttpServerLimits, httpServerLimits } from './policy.ts';
export { forbidCoreDumps, guardProcess, nodeFlags } from './process-guard.ts';
export { type RunningService, runService, type ServiceProgram } from './run-service.ts';
export { readSecretFile, replaceSecretFile } from './secret-file.ts';
export { readTlsFiles, type TlsFiles } from './tls-files.ts';
