import { type ErrorCode, WatchpostError } from '@watchpost/contracts/errors';
import {
  type CameraProbeCommand,
  type Command,
  type CommandReply,
  commandSchema,
  parseJson,
  parseWith,
  type StillCommand,
  uuidSchema,
} from '@watchpost/contracts/wire';
import type { GatewayClock } from '../clock/gateway-clock.ts';
import type { CommandMemory } from './command-memory.ts';

/** What commands can do to this gateway. All throw a coded error when they cannot. */
export interface CommandTargets {
  restartDevice(device: string): Promise<void>;
  trigger(device: string, action: string, value: number | undefined): void;
  /** Sends a picture to the gateway door. */
  sendStill(command: StillCommand): Promise<void>;
  /** Tries a camera, and tells the gateway door what came of it. */
  probeCamera(command: CameraProbeCommand): Promise<void>;
}

export interface CommandHandlerOptions {
  readonly targets: CommandTargets;
  readonly clock: Pick<GatewayClock, 'nowMs' | 'isUnknown'>;
  /** Remembers what was begun and how it was answered, over restarts. */
  readonly memory: CommandMemory;
}

/**
 * Carries out commands and answers each by its id. A command is carried out at most once, whatever the broker
 * keeps or repeats: what is retained is refused, what is expired is refused, and an id that was begun before
 * is answered from memory.
 */
export class CommandHandler {
  readonly #options: CommandHandlerOptions;
  readonly #running = new Map<string, Promise<CommandReply>>();

  constructor(options: CommandHandlerOptions) {
    this.#options = options;
  }

  /**
   * @param retained whether the broker had kept the command from earlier.
   * @returns the reply, coded when the command was retained, expired, unknown or malformed.
   * @throws WatchpostError `wire.*` for something that has no id to answer to.
   */
  async receive(payload: Uint8Array, retained: boolean): Promise<CommandReply> {
    const value = parseJson(payload);
    const { id, name } = addressOf(value);
    const { memory } = this.#options;
    const before = this.#running.get(id) ?? memory.answerTo(id);
    if (before !== undefined) return before ?? this.#reply(id, 'edge.command_interrupted');
    if (retained) return this.#reply(id, 'edge.command_retained');
    const answer = this.#answer(id, name, value);
    this.#running.set(id, answer);
    try {
      return await answer;
    } finally {
      this.#running.delete(id);
    }
  }

  async #answer(id: string, name: unknown, value: unknown): Promise<CommandReply> {
    const reply = await this.#carryOut(id, name, value).then(
      () => this.#reply(id),
      (error: unknown) => this.#reply(id, error instanceof WatchpostError ? error.code : 'edge.source_lost'),
    );
    // What was refused before it began is refused again without a memory.
    if (this.#options.memory.answerTo(id) === null) this.#options.memory.answered(reply);
    return reply;
  }

  async #carryOut(id: string, name: unknown, value: unknown): Promise<void> {
    const { clock, memory } = this.#options;
    if (!commandSchema.options.some((option) => option.shape.name.value === name))
      throw new WatchpostError('edge.command_unknown');
    const command = parseWith(commandSchema, value);
    // Without the time nobody can say that it is not an old one.
    if (clock.isUnknown) throw new WatchpostError('edge.clock_unknown');
    if (Date.parse(command.expires) <= clock.nowMs()) throw new WatchpostError('edge.command_expired');
    // Before it is done: a gateway that ends meanwhile must not do it again.
    memory.begun(id);
    await this.#perform(command);
  }

  #reply(id: string, error?: ErrorCode): CommandReply {
    const time = new Date(this.#options.clock.nowMs()).toISOString();
    return error === undefined ? { id, ok: true, time } : { id, ok: false, error, time };
  }

  async #perform(command: Command): Promise<void> {
    switch (command.name) {
      case 'ping':
        return;
      case 'device.restart':
        return this.#options.targets.restartDevice(command.device);
      case 'simulator.trigger':
        return this.#options.targets.trigger(command.device, command.action, command.value);
      case 'still':
        return this.#options.targets.sendStill(command);
      case 'camera.probe':
        return this.#options.targets.probeCamera(command);
    }
  }
}

function addressOf(value: unknown): { id: string; name: unknown } {
  const { id, name } = (typeof value === 'object' && value !== null ? value : {}) as Record<string, unknown>;
  return { id: parseWith(uuidSchema, id, 'wire.schema', '/id'), name };
}
