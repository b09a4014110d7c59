import { enrolmentLimits } from '@watchpost/contracts/enrolment';
import { lockFolder, type Parcel, serveExchanges } from '@watchpost/service';
import type { Logger } from 'pino';
import type { EnrolmentConfig } from './config.ts';
import { RequestHandler } from './handle-request.ts';
import { enrolmentPolicy } from './policy.ts';
import { WorkQueue } from './work-queue.ts';

/** The running enrolment. */
export interface Enrolment {
  /** Lets the request in work end, then stops. */
  stop(): Promise<void>;
}

/** What it is made from. */
export interface EnrolmentParts {
  readonly logger: Logger;
  readonly nowMs: () => number;
  /** Nothing was asked for `idleMs`. */
  readonly onIdle: () => void;
}

/**
 * Starts the enrolment: one process per folder.
 * @throws WatchpostError `config.data_folder`
 */
export async function startEnrolment(
  { folder, socket, idleMs = enrolmentPolicy.idleMs }: EnrolmentConfig,
  { logger, nowMs, onIdle }: EnrolmentParts,
): Promise<Enrolment> {
  const release = lockFolder(folder);
  const handler = new RequestHandler(folder, nowMs);
  const queue = new WorkQueue(enrolmentPolicy);
  let idle: NodeJS.Timeout | undefined;
  const rest = (): void => {
    clearTimeout(idle);
    // Work that was answered late may go on: the rest begins behind it.
    idle = setTimeout(() => (queue.unfinished === 0 ? onIdle() : rest()), idleMs);
  };
  const answer = async (request: Parcel): Promise<Parcel> => {
    clearTimeout(idle);
    try {
      return await queue.run(() => handler.handle(request));
    } catch (error) {
      // What was asked stands in the code; names, faces and paths stay out of the log.
      logger.debug(
        { code: error instanceof Error && 'code' in error ? error.code : 'api.internal' },
        'refused',
      );
      throw error;
    } finally {
      setImmediate(rest);
    }
  };
  try {
    const server = await serveExchanges(
      socket,
      {
        valueBytes: enrolmentLimits.messageBytes,
        attachedBytes: enrolmentLimits.requestBytes,
        attachments: enrolmentLimits.photosPerRequest,
        arrivalMs: enrolmentPolicy.arrivalMs,
        connections: 2 * enrolmentPolicy.waitingAtMost,
      },
      answer,
    );
    rest();
    return {
      async stop() {
        clearTimeout(idle);
        await server.stop();
        await handler.close();
        release();
      },
    };
  } catch (error) {
    release();
    throw error;
  }
}
