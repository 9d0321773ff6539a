/**
 * `atomic_t` and `atomic64_t`, `refcount_t` and `struct kref` as plain integers in memory, and the test-and-set family on
 * bits. A refcount does not saturate here: what goes wrong with one shows as its value.
 */
import { type Arithmetic, arithmetic, castInteger, comparison, integerOf } from '../execution/arithmetic.ts';
import { type IntegerType, int, long, unsignedLong } from '../execution/ctype.ts';
import type { IntegerValue, PointerValue, Value } from '../execution/value.ts';
import type { ExternalCall, Machine, World } from '../execution/world.ts';
import { integerArgument, nothing, pointerArgument, readInteger, type Service, type ServiceTable, writeInteger } from './service.ts';

interface Counter {
  readonly type: IntegerType;
  /** The way from the object to its number. */
  readonly fields: readonly string[];
}

const atomic: Counter = { type: int, fields: ['counter'] };
const atomic64: Counter = { type: { kind: 'integer', bits: 64, signed: true, name: 's64' }, fields: ['counter'] };
const refcount: Counter = { type: int, fields: ['refs', 'counter'] };
const kref: Counter = { type: int, fields: ['refcount', 'refs', 'counter'] };

const one = integerOf(int, 1n);
const zero = integerOf(int, 0n);

function read(machine: Machine, pointer: PointerValue | undefined, counter: Counter): IntegerValue | undefined {
  return pointer && readInteger(machine, pointer.place, counter.fields, counter.type);
}

/** Adds to the counter behind argument `at`; gives the old and the new value. */
function change(
  machine: Machine,
  call: ExternalCall,
  counter: Counter,
  at: number,
  operator: Arithmetic,
  by: IntegerValue | undefined,
): { readonly old: IntegerValue; readonly now: IntegerValue } | undefined {
  const pointer = pointerArgument(machine, call, at);
  const old = read(machine, pointer, counter);
  const sum = old && by && arithmetic(operator, old, castInteger(by, counter.type));
  if (!pointer || !old || !sum) return undefined;
  const now = castInteger(sum, counter.type);
  writeInteger(machine, pointer.place, counter.fields, counter.type, now);
  return { old, now };
}

type Give = 'nothing' | 'now' | 'old' | 'isZero' | 'isNegative';

function given(what: Give, values: { readonly old: IntegerValue; readonly now: IntegerValue }): Value {
  switch (what) {
    case 'nothing':
      return nothing;
    case 'now':
      return values.now;
    case 'old':
      return values.old;
    case 'isZero':
      return comparison('==', values.now, zero);
    case 'isNegative':
      return comparison('<', values.now, zero);
  }
}

/** `atomic_inc(v)` and its like: changes by one. */
function step(counter: Counter, operator: Arithmetic, give: Give): Service {
  return (machine, call) => {
    const values = change(machine, call, counter, 0, operator, one);
    return values && given(give, values);
  };
}

/** `atomic_add(i, v)` and its like: the amount comes first. */
function amount(counter: Counter, operator: Arithmetic, give: Give): Service {
  return (machine, call) => {
    const values = change(machine, call, counter, 1, operator, integerArgument(call, 0));
    return values && given(give, values);
  };
}

const get =
  (counter: Counter): Service =>
  (machine, call) =>
    read(machine, pointerArgument(machine, call, 0), counter);

const set =
  (counter: Counter): Service =>
  (machine, call) => {
    const pointer = pointerArgument(machine, call, 0);
    const value = integerArgument(call, 1);
    if (!pointer || !value) return undefined;
    writeInteger(machine, pointer.place, counter.fields, counter.type, value);
    return nothing;
  };

const init =
  (counter: Counter): Service =>
  (machine, call) => {
    const pointer = pointerArgument(machine, call, 0);
    if (!pointer) return undefined;
    writeInteger(machine, pointer.place, counter.fields, counter.type, one);
    return nothing;
  };

const exchange =
  (counter: Counter): Service =>
  (machine, call) => {
    const pointer = pointerArgument(machine, call, 0);
    const old = read(machine, pointer, counter);
    const value = integerArgument(call, 1);
    if (!pointer || !old || !value) return undefined;
    writeInteger(machine, pointer.place, counter.fields, counter.type, value);
    return old;
  };

const compareExchange =
  (counter: Counter): Service =>
  (machine, call, world) => {
    const pointer = pointerArgument(machine, call, 0);
    const old = read(machine, pointer, counter);
    const expected = integerArgument(call, 1);
    const value = integerArgument(call, 2);
    if (!pointer || !old || !expected || !value) return undefined;
    if (decide(machine, call, world, comparison('==', old, expected))) {
      writeInteger(machine, pointer.place, counter.fields, counter.type, value);
    }
    return old;
  };

/** `refcount_inc_not_zero(r)`. */
const incrementUnlessZero =
  (counter: Counter): Service =>
  (machine, call, world) => {
    const old = read(machine, pointerArgument(machine, call, 0), counter);
    if (!old) return undefined;
    if (decide(machine, call, world, comparison('==', old, zero))) return zero;
    change(machine, call, counter, 0, '+', one);
    return one;
  };

/** `atomic_inc_unless_negative(v)`. */
const incrementUnlessNegative =
  (counter: Counter): Service =>
  (machine, call, world) => {
    const old = read(machine, pointerArgument(machine, call, 0), counter);
    if (!old) return undefined;
    if (decide(machine, call, world, comparison('<', old, zero))) return zero;
    change(machine, call, counter, 0, '+', one);
    return one;
  };

/** `kref_put(kref, release)`: calls `release(kref)` when the last reference goes. */
const krefPut: Service = (machine, call, world) => {
  const values = change(machine, call, kref, 0, '-', one);
  const release = call.arguments[1];
  const pointer = pointerArgument(machine, call, 0);
  if (!values || !pointer) return undefined;
  if (!decide(machine, call, world, comparison('==', values.now, zero))) return zero;
  if (release?.kind === 'function') machine.invoke(release.name, [pointer]);
  return one;
};

function decide(machine: Machine, call: ExternalCall, world: World, condition: IntegerValue): boolean {
  const { term } = condition;
  return term.kind === 'constant' ? term.value !== 0n : world.branch(machine, condition, call.span);
}

/** `set_bit(nr, addr)` and its like, on the word behind `addr`; a bit beyond the first word is not followed. */
function bit(operator: 'set' | 'clear' | 'change' | 'test', give: 'old' | 'nothing'): Service {
  return (machine, call) => {
    const at = integerArgument(call, 0);
    const pointer = pointerArgument(machine, call, 1);
    if (!at || !pointer) return undefined;
    const position = at.term.kind === 'constant' ? at.term.value : 0n;
    if (position < 0n || position > 63n) return undefined;
    const word = readInteger(machine, pointer.place, [], unsignedLong);
    const mask = arithmetic('<<', integerOf(unsignedLong, 1n), at);
    if (!word || !mask) return undefined;
    const changed =
      operator === 'set'
        ? arithmetic('|', word, mask)
        : operator === 'clear'
          ? arithmetic('&', word, arithmetic('^', mask, integerOf(unsignedLong, -1n)) ?? mask)
          : operator === 'change'
            ? arithmetic('^', word, mask)
            : word;
    if (operator !== 'test' && changed) writeInteger(machine, pointer.place, [], unsignedLong, changed);
    const before = arithmetic('&', word, mask);
    return give === 'nothing' || !before ? nothing : comparison('!=', before, zero);
  };
}

function family(prefix: string, counter: Counter): ServiceTable {
  return {
    [`${prefix}_read`]: get(counter),
    [`${prefix}_read_acquire`]: get(counter),
    [`${prefix}_set`]: set(counter),
    [`${prefix}_set_release`]: set(counter),
    [`${prefix}_inc`]: step(counter, '+', 'nothing'),
    [`${prefix}_dec`]: step(counter, '-', 'nothing'),
    [`${prefix}_inc_return`]: step(counter, '+', 'now'),
    [`${prefix}_dec_return`]: step(counter, '-', 'now'),
    [`${prefix}_fetch_inc`]: step(counter, '+', 'old'),
    [`${prefix}_fetch_dec`]: step(counter, '-', 'old'),
    [`${prefix}_inc_and_test`]: step(counter, '+', 'isZero'),
    [`${prefix}_dec_and_test`]: step(counter, '-', 'isZero'),
    // These take a lock with the last one, which whoever keeps the locks knows.
    [`${prefix}_dec_and_lock`]: step(counter, '-', 'isZero'),
    [`${prefix}_dec_and_mutex_lock`]: step(counter, '-', 'isZero'),
    [`${prefix}_add`]: amount(counter, '+', 'nothing'),
    [`${prefix}_sub`]: amount(counter, '-', 'nothing'),
    [`${prefix}_add_return`]: amount(counter, '+', 'now'),
    [`${prefix}_sub_return`]: amount(counter, '-', 'now'),
    [`${prefix}_fetch_add`]: amount(counter, '+', 'old'),
    [`${prefix}_fetch_sub`]: amount(counter, '-', 'old'),
    [`${prefix}_sub_and_test`]: amount(counter, '-', 'isZero'),
    [`${prefix}_add_negative`]: amount(counter, '+', 'isNegative'),
    [`${prefix}_xchg`]: exchange(counter),
    [`${prefix}_cmpxchg`]: compareExchange(counter),
    [`${prefix}_inc_not_zero`]: incrementUnlessZero(counter),
    [`${prefix}_inc_unless_negative`]: incrementUnlessNegative(counter),
  };
}

export const counterServices: ServiceTable = {
  ...family('atomic', atomic),
  ...family('atomic64', atomic64),
  ...family('atomic_long', { ...atomic64, type: long }),
  ...family('refcount', refcount),
  kref_init: init(kref),
  kref_get: step(kref, '+', 'nothing'),
  kref_read: get(kref),
  kref_put: krefPut,
  kref_get_unless_zero: incrementUnlessZero(kref),
  set_bit: bit('set', 'nothing'),
  __set_bit: bit('set', 'nothing'),
  clear_bit: bit('clear', 'nothing'),
  clear_bit_unlock: bit('clear', 'nothing'),
  __clear_bit_unlock: bit('clear', 'nothing'),
  __clear_bit: bit('clear', 'nothing'),
  change_bit: bit('change', 'nothing'),
  test_bit: bit('test', 'old'),
  test_and_set_bit: bit('set', 'old'),
  test_and_set_bit_lock: bit('set', 'old'),
  test_and_clear_bit: bit('clear', 'old'),
};
