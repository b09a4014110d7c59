import type { ModbusTcpConnect } from '@watchpost/contracts/site';
import { systemClock } from '@watchpost/hardware';
import { backoffMs } from '@watchpost/service';
import type { DriverTarget } from '../driver-target.ts';
import { MappedReadings } from '../mapping/mapped-readings.ts';
import { modbusPolicy } from '../policy.ts';
import type { ReadingDriver, ReadingEvents } from '../reading-driver.ts';
import { restartable } from '../restartable.ts';
import type { ModbusResult } from './modbus-connection.ts';
import { modbusQuestion, modbusValue } from './modbus-value.ts';

/** A value that is read again and again from a Modbus server. */
export function modbusReadings(connect: ModbusTcpConnect, target: DriverTarget): ReadingDriver {
  const { leastSilenceMs, silentPolls } = modbusPolicy;
  return {
    silentAfterMs: Math.max(leastSilenceMs, silentPolls * connect.everyMs),
    ...restartable((events) => {
      const poll = new Poll(connect, target, events);
      return () => poll.end();
    }),
  };
}

/**
 * Asks for one value; a device that does not answer is asked more seldom, so that others behind it get
 * theirs.
 */
class Poll {
  readonly #connect: ModbusTcpConnect;
  readonly #events: ReadingEvents;
  readonly #readings: MappedReadings;
  readonly #use: ReturnType<DriverTarget['shared']['modbus']['use']>;
  #timer: NodeJS.Timeout | undefined;
  #isUp = false;
  #asking = false;
  #over = false;
  #silences = 0;

  constructor(connect: ModbusTcpConnect, target: DriverTarget, events: ReadingEvents) {
    this.#connect = connect;
    this.#events = events;
    this.#readings = new MappedReadings(target, connect.value, systemClock, events);
    this.#use = target.shared.modbus.use(connect.host, connect.port, {
      // Later: the answer to `use` is needed.
      up: () => queueMicrotask(() => void this.#ask()),
      lost: (error) => {
        this.#isUp = false;
        events.lost(error);
      },
    });
  }

  async end(): Promise<void> {
    this.#over = true;
    clearTimeout(this.#timer);
    this.#readings.stop();
    await this.#use.end();
  }

  async #ask(): Promise<void> {
    if (this.#asking || this.#over) return;
    clearTimeout(this.#timer);
    this.#asking = true;
    const result = await this.#use.ask(modbusQuestion(this.#connect));
    this.#asking = false;
    if (this.#over) return;
    this.#hear(result);
    // Once the connection is gone, its return asks again.
    if ('failure' in result && result.failure === 'gone') return;
    const { everyMs } = this.#connect;
    const pauseMs =
      this.#silences === 0 ? everyMs : backoffMs(this.#silences, everyMs, modbusPolicy.silentEveryMs, 0.5);
    this.#timer = setTimeout(() => void this.#ask(), Math.max(pauseMs, everyMs));
  }

  #hear(result: ModbusResult): void {
    if ('failure' in result) {
      this.#fail(result.failure);
      return;
    }
    this.#silences = 0;
    if (!this.#isUp) this.#events.up();
    this.#isUp = true;
    this.#readings.take(modbusValue(this.#connect, result.answer), systemClock.now());
  }

  #fail(failure: Extract<ModbusResult, { failure: unknown }>['failure']): void {
    if (failure === 'exception') {
      this.#silences = 0;
      this.#events.unreadable('edge.modbus_exception');
    } else if (failure === 'malformed') this.#events.unreadable('edge.reading_unreadable');
    if (failure !== 'silent' || ++this.#silences < modbusPolicy.silences) return;
    this.#isUp = false;
    this.#events.lost('edge.modbus_silent');
  }
}
