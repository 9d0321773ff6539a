/**
 * Calls of the driver that fail because a scenario has memory run out or a signal come at that moment, and mapping calls that have failed, for whatever
 * reason. Knows no scenario and no mm.
 */
import type { Value } from '../../execution/value.ts';
import { errno } from '../../mm/errno.ts';
import { VM_FAULT_OOM } from '../../mm/flags.ts';
import { failureOfCall } from '../scenario/failing-calls.ts';
import { intValue, nullPointer, numberOf, ulongValue } from './values.ts';

export class Failures {
  /** How many calls of a name are left until the one that fails. */
  readonly #until = new Map<string, bigint>();
  readonly #made: string[] = [];
  #failed: string | undefined;

  /** The `nth` call of `name` from here on fails; the first is 1. */
  fail(name: string, nth: bigint): void {
    this.#until.set(name, nth);
  }

  /** Calls that were to fail and that nobody has made yet. */
  get pending(): readonly string[] {
    return [...this.#until.keys()];
  }

  /** The calls so far that could fail, in their order. */
  get made(): readonly string[] {
    return this.#made;
  }

  /** What this call of `name` gives if it is to fail. */
  take(name: string): Value | undefined {
    const kind = failureOfCall(name);
    if (kind === undefined) return undefined;
    this.#made.push(name);
    const left = this.#until.get(name);
    if (left === undefined) return undefined;
    if (left > 1n) {
      this.#until.set(name, left - 1n);
      return undefined;
    }
    this.#until.delete(name);
    if (kind === 'error') this.#failed = name;
    switch (kind) {
      case 'null':
        return nullPointer();
      case 'number':
        return ulongValue(0n);
      case 'error':
        return intValue(-errno.ENOMEM);
      case 'interrupted':
        return intValue(-errno.EINTR);
      case 'fault':
        return intValue(VM_FAULT_OOM);
      case 'error-pointer':
        return { kind: 'address', term: ulongValue(BigInt(-errno.ENOMEM)).term, pointee: nullPointer().pointee };
    }
  }

  /** Marks a call that gave an error of its own. */
  came(name: string, result: Value): void {
    if (failureOfCall(name) === 'error' && (numberOf(result) ?? 0n) < 0n) this.#failed = name;
  }

  /** The mapping call that failed last since this was asked. */
  takeFailed(): string | undefined {
    const failed = this.#failed;
    this.#failed = undefined;
    return failed;
  }
}
