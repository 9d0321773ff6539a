/** When the warm-up of the server works, and when it lets others go first. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { continueIdly } from '../../server/src/lsp/warm-up.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('takes no step while the client opens its texts or something waits, and ends with the last one', () => {
  let taken = 0;
  let busy = false;
  function* steps(): Generator<void> {
    for (; taken < 3; taken++) yield;
  }
  const done = vi.fn();
  continueIdly(steps(), () => busy, done);
  vi.advanceTimersByTime(50);
  expect(taken).toBe(0);
  vi.advanceTimersByTime(2);
  expect(taken).toBe(1);
  busy = true;
  vi.advanceTimersByTime(5);
  expect(taken).toBe(1);
  expect(done).not.toHaveBeenCalled();
  busy = false;
  vi.runAllTimers();
  expect(taken).toBe(3);
  expect(done).toHaveBeenCalledOnce();
  expect(vi.getTimerCount()).toBe(0);
});
