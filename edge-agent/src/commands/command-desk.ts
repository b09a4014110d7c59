import {
  type Command,
  type CommandReply,
  commandSchema,
  type ErrorCode,
  parseJson,
  parseWith,
  uuidSchema,
  WatchpostError,
} from '@watchpost/contracts';

/** What commands can do to this gateway. Both throw a coded error when they cannot. */
export interface CommandTargets {
  restartDevice(device: string): Promise<void>;
  trigger(device: string, action: string, value: number | undefined): void;
}

export interface CommandDeskOptions {
  readonly targets: CommandTargets;
  /** The server's time as well as the gateway knows it. */
  now(): number;
}

/** How many answers are remembered, so that a repeated command is answered alike and not done twice. */
const remembered = 256;

/** Carries out commands and answers each by its id. The memory of answers is of this run only. */
export class CommandDesk {
  readonly #options: CommandDeskOptions;
  readonly #answers = new Map<string, Promise<CommandReply>>();

  constructor(options: CommandDeskOptions) {
    this.#options = options;
  }

  /**
   * @returns the reply, coded when the command was expired, unknown or malformed.
   * @throws WatchpostError `wire.*` for something that has no id to answer to.
   */
  async receive(payload: Uint8Array): Promise<CommandReply> {
    const value = parseJson(payload);
    const { id, name } = addressOf(value);
    const before = this.#answers.get(id);
    if (before) return before;
    const answer = this.#answer(id, name, value);
    this.#answers.set(id, answer);
    const oldest = this.#answers.keys().next().value;
    if (this.#answers.size > remembered && oldest !== undefined) this.#answers.delete(oldest);
    return answer;
  }

  async #answer(id: string, name: unknown, value: unknown): Promise<CommandReply> {
    const time = () => new Date(this.#options.now()).toISOString();
    try {
      if (!commandSchema.options.some((option) => option.shape.name.value === name))
        throw new WatchpostError('edge.command_unknown');
      const command = parseWith(commandSchema, value);
      if (Date.parse(command.expires) <= this.#options.now())
        throw new WatchpostError('edge.command_expired');
      await this.#perform(command);
      return { id, ok: true, time: time() };
    } catch (error) {
      const code: ErrorCode = error instanceof WatchpostError ? error.code : 'edge.source_lost';
      return { id, ok: false, error: code, time: time() };
    }
  }

  async #perform(command: Command): Promise<void> {
    switch (command.name) {
      case 'ping':
        return;
      case 'device.restart':
        return this.#options.targets.restartDevice(command.device);
      case 'simulator.trigger':
        return this.#options.targets.trigger(command.device, command.action, command.value);
    }
  }
}

function addressOf(value: unknown): { id: string; name: unknown } {
  const { id, name } = (typeof value === 'object' && value !== null ? value : {}) as Record<string, unknown>;
  return { id: parseWith(uuidSchema, id, 'wire.schema', '/id'), name };
}
