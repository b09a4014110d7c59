import type { EscalationStep } from '@watchpost/contracts/api';
import { newId } from '../../api/new-id.ts';
import { keyOf, targetOf } from './known-targets.ts';

/** A step while it is written: minutes as text, targets as values of fields. */
export interface WrittenStep {
  readonly key: string;
  readonly wait: string;
  readonly targets: readonly string[];
  /** Empty: it is not repeated. */
  readonly every: string;
  /** Empty: without end. */
  readonly times: string;
  /** What is not written here, and stays. */
  readonly rest: Pick<EscalationStep, 'channels' | 'onlyFor'>;
}

const minutes = (seconds: number): string => String(Math.round((seconds / 60) * 100) / 100);
const seconds = (text: string): number => Math.round(Number(text) * 60);

/** An empty one. */
export const newStep = (): WrittenStep => ({
  ...{ key: newId(), wait: '0', targets: [], every: '', times: '' },
  rest: { channels: null, onlyFor: null },
});

/** As it is written when somebody changes it. */
export const writtenStep = ({
  waitSeconds,
  targets,
  repeat,
  channels,
  onlyFor,
}: EscalationStep): WrittenStep => ({
  ...{ key: newId(), wait: minutes(waitSeconds), targets: targets.map(keyOf) },
  every: repeat === null ? '' : minutes(repeat.everySeconds),
  times: repeat === null || repeat.times === null ? '' : String(repeat.times),
  rest: { channels, onlyFor },
});

/** As the API takes it. */
export const stepOf = ({ wait, targets, every, times, rest }: WrittenStep): EscalationStep => ({
  ...rest,
  waitSeconds: seconds(wait),
  targets: targets.map(targetOf),
  repeat: every === '' ? null : { everySeconds: seconds(every), times: times === '' ? null : Number(times) },
});
