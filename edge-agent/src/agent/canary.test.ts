import { canaryType, type GatewayId } from '@watchpost/contracts/wire';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { CanaryDraft, EventDraft } from '../outbox/event-draft.ts';
import { CanarySender } from './canary.ts';

class FakeOutbox {
  epoch = 'a'.repeat(32);
  watermark = 0;
  isFull = false;
  readonly drafts: (EventDraft | CanaryDraft)[] = [];

  append(draft: EventDraft | CanaryDraft) {
    if (this.isFull) throw new Error('full');
    this.drafts.push(draft);
    return { seq: this.drafts.length, urgent: true };
  }
}

let outbox: FakeOutbox;
let memory: FakeOutbox;
let sender: CanarySender;
beforeEach(() => {
  vi.useFakeTimers();
  outbox = new FakeOutbox();
  memory = new FakeOutbox();
  sender = new CanarySender({
    ...{ gateway: 'gw-1' as GatewayId, outboxes: [outbox, memory], nowMs: () => 1_000 },
    ...{ log: pino({ level: 'silent' }), onStored: () => undefined },
  });
});
afterEach(() => {
  sender.stop();
  vi.useRealTimers();
});

test('a gateway that is told nothing of it sends none, and one that is told so no longer stops', () => {
  sender.apply(undefined);
  vi.advanceTimersByTime(600_000);
  expect(outbox.drafts).toEqual([]);
  sender.apply({ everyMs: 60_000 });
  vi.advanceTimersByTime(10_000);
  expect(outbox.drafts).toHaveLength(1);
  expect(outbox.drafts[0]).toMatchObject({ type: canaryType, device: 'gw-1', data: { everyMs: 60_000 } });
  outbox.watermark = 1;
  sender.apply(undefined);
  vi.advanceTimersByTime(600_000);
  expect(outbox.drafts).toHaveLength(1);
});

test('one waits at most: a gateway that was offline for hours brings one', () => {
  sender.apply({ everyMs: 60_000 });
  vi.advanceTimersByTime(7_200_000);
  expect(outbox.drafts).toHaveLength(1);
  outbox.watermark = 1;
  vi.advanceTimersByTime(60_000);
  expect(outbox.drafts).toHaveLength(2);
});

test('numbers that begin anew keep it from sending as little as a disk that takes nothing', () => {
  sender.apply({ everyMs: 60_000 });
  vi.advanceTimersByTime(10_000);
  outbox.epoch = 'b'.repeat(32);
  outbox.isFull = true;
  vi.advanceTimersByTime(60_000);
  expect([outbox.drafts.length, memory.drafts.length]).toEqual([1, 1]);
});
