export { type AddressShareOptions, limitPerAddress } from './address-share.ts';
export { replaceFile, replaceFileSync } from './atomic-file.ts';
export { backoffMs } from './backoff.ts';
export { endWithParent } from './end-with-parent.ts';
export { lockFolder, makeFolders, type ReleaseFolder } from './folder-lock.ts';
export {
  type DroppedConnections,
  fastifyServerOptions,
  httpServerOptions,
  limitConnections,
  listenHttp,
} from './http-server.ts';
export { isLoopbackHost, isReadableOnTheWay } from './loopback.ts';
export { type HttpServerLimits, httpServerLimits } from './policy.ts';
export { forbidCoreDumps, guardProcess, nodeFlags } from './process-guard.ts';
export { type RunningService, runService, type ServiceProgram } from './run-service.ts';
export { readSecretFile, replaceSecretFile } from './secret-file.ts';
