/**
 * Macros that say something about a value and hand it through: `likely`, `READ_ONCE`, `WARN_ON`; the ones that end the
 * kernel (`BUG_ON`); and calls that do nothing a mapping could notice (printing, barriers, sleeping, tracing).
 */
import { comparison, integer, integerOf, inverse } from '../execution/arithmetic.ts';
import { int } from '../execution/ctype.ts';
import { constant } from '../execution/term.ts';
import { apply } from '../execution/term-build.ts';
import type { ExternalCall } from '../execution/world.ts';
import { asInteger, nothing, pointerArgument, type Service, type ServiceTable, truthOf } from './service.ts';

/** Gives its first argument. */
const same: Service = (_, call) => call.arguments[0];

/** `!!(condition)`. */
const asTruth: Service = (_, call) => {
  const value = truthOf(call.arguments[0]);
  return value && inverse(inverse(value));
};

/** The same after a device. */
const truthOfSecond: Service = (_, call) => {
  const value = truthOf(call.arguments[1]);
  return value && inverse(inverse(value));
};

const bugOn: Service = (machine, call, world) => {
  const condition = truthOf(call.arguments[0]);
  if (!condition) return nothing;
  const { term } = condition;
  const holds = term.kind === 'constant' ? term.value !== 0n : world.branch(machine, condition, call.span);
  return holds ? bug(machine, call) : nothing;
};

function bug(machine: Parameters<Service>[0], call: ExternalCall): never {
  return machine.stop({ kind: 'kernel', message: `${call.name} stops the kernel` });
}

/** `array_index_nospec(index, size)`: the index, or 0 where it is out of range. */
const clampedIndex: Service = (_, call) => {
  const index = asInteger(call.arguments[0]);
  const size = asInteger(call.arguments[1]);
  if (!index || !size) return undefined;
  const inside = comparison('<', index, size);
  if (inside.term.kind === 'constant') return inside.term.value === 1n ? index : integerOf(index.type, 0n);
  return integer(index.type, apply('choose', index.type, [inside.term, index.term, constant(0)]));
};

/** `WRITE_ONCE(x, value)` and its like. */
const writeOnce: Service = (machine, call) => {
  const place = call.place(0);
  const value = call.arguments[1];
  const type = call.types[0];
  if (!place || !value || !type) return undefined;
  machine.write(place, machine.convert(value, type), call.span);
  return nothing;
};

/** `smp_load_acquire(&x)`: what lies there. */
const loadThrough: Service = (machine, call) => {
  const from = pointerArgument(machine, call, 0);
  return from && machine.read(from.place, from.pointee);
};

/** `smp_store_release(&x, value)`. */
const storeThrough: Service = (machine, call) => {
  const to = pointerArgument(machine, call, 0);
  const value = call.arguments[1];
  if (!to || !value) return undefined;
  machine.write(to.place, machine.convert(value, to.pointee), call.span);
  return nothing;
};

/** `swap(a, b)`. */
const swapPlaces: Service = (machine, call) => {
  const [left, right] = [call.place(0), call.place(1)];
  const [a, b] = call.arguments;
  if (!left || !right || !a || !b) return undefined;
  machine.write(left, b, call.span);
  machine.write(right, a, call.span);
  return nothing;
};

const zero: Service = () => integerOf(int, 0n);
const none: Service = () => nothing;

export const hintServices: ServiceTable = {
  likely: asTruth,
  unlikely: asTruth,
  __builtin_expect: same,
  READ_ONCE: same,
  ACCESS_ONCE: same,
  smp_load_acquire: loadThrough,
  rcu_dereference: same,
  rcu_dereference_protected: same,
  rcu_dereference_check: same,
  rcu_access_pointer: same,
  data_race: same,
  array_index_nospec: clampedIndex,
  untagged_addr: same,
  WRITE_ONCE: writeOnce,
  smp_store_release: storeThrough,
  smp_store_mb: writeOnce,
  rcu_assign_pointer: writeOnce,
  RCU_INIT_POINTER: writeOnce,
  swap: swapPlaces,
  WARN_ON: asTruth,
  WARN_ON_ONCE: asTruth,
  WARN: asTruth,
  WARN_ONCE: asTruth,
  WARN_TAINT: asTruth,
  drm_WARN_ON: truthOfSecond,
  drm_WARN_ON_ONCE: truthOfSecond,
  snd_BUG_ON: asTruth,
  GEM_WARN_ON: asTruth,
  XE_WARN_ON: asTruth,
  GEM_BUG_ON: bugOn,
  BUG_ON: bugOn,
  BUG: (machine, call) => bug(machine, call),
  drm_WARN: truthOfSecond,
  drm_WARN_ONCE: truthOfSecond,
  VM_BUG_ON: none,
  VM_BUG_ON_VMA: none,
  VM_BUG_ON_PAGE: none,
  lockdep_assert_held: none,
  lockdep_assert_held_write: none,
  lockdep_assert_held_read: none,
  dma_resv_assert_held: none,
  mmap_assert_locked: none,
  mmap_assert_write_locked: none,
  VM_WARN_ON: none,
  VM_WARN_ON_ONCE: none,
  BUILD_BUG_ON: none,
  BUILD_BUG_ON_MSG: none,
  BUILD_BUG_ON_ZERO: zero,
  static_assert: none,
  might_sleep: none,
  might_fault: none,
  cond_resched: zero,
  schedule: none,
  msleep: none,
  mdelay: none,
  udelay: none,
  usleep_range: none,
  mb: none,
  rmb: none,
  wmb: none,
  smp_mb: none,
  smp_rmb: none,
  smp_wmb: none,
  barrier: none,
  cpu_relax: none,
  dump_stack: none,
  flush_dcache_page: none,
  flush_dcache_folio: none,
  flush_cache_all: none,
  panic: (machine, call) => bug(machine, call),
};

const printing =
  /^(printk|printk_once|_printk|no_printk|printk_ratelimited|pr_(emerg|alert|crit|err|warn|warning|notice|info|cont|debug|devel)(_once|_ratelimited)?|(dev|netdev|drm|ibdev|v4l2|hid|snd|wiphy|pci|nvme)_(emerg|alert|crit|err|error|warn|warning|notice|info|dbg|vdbg|dbg_\w+|printk|info_once|warn_once|err_once|err_ratelimited|warn_ratelimited|info_ratelimited|dbg_ratelimited|notice_once|dbg_once|dbg_ratelimited)|DRM_(ERROR|DEBUG|INFO|WARN|NOTE|DEV_\w+|DEBUG_\w+)|trace_\w+|v4l_\w+|dprintk|DPRINTK)$/;

/** Whether calls of `name` only tell a human something. */
export function isPrinting(name: string): boolean {
  return printing.test(name);
}

/** A call that prints: no effect, and 0 where somebody asks. */
export const printService: Service = zero;
