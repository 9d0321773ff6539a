/** Calls that change or test the flags of a vma or a vm_area_desc, in the names of all versions. */
import { arithmetic, castInteger, comparison, integerOf } from '../execution/arithmetic.ts';
import { int, unsignedLong } from '../execution/ctype.ts';
import type { IntegerValue, PointerValue, Value } from '../execution/value.ts';
import type { ExternalCall, Machine } from '../execution/world.ts';
import { flagValue } from '../kernel/lookup.ts';
import { VM_MAYWRITE, VM_SHARED } from '../kernel/vma-bits.ts';
import { integerArgument, nothing, pointerArgument, readInteger, writeInteger } from '../services/service.ts';
import type { KernelCall } from './kernel-call.ts';
import type { SymbolicWorld } from './symbolic-world.ts';

const zero = integerOf(int, 0n);

/** The flags of the vma that the pointer leads to. */
export function flagsOf(machine: Machine, vma: PointerValue | undefined): IntegerValue | undefined {
  return vma && readInteger(machine, vma.place, ['vm_flags'], unsignedLong);
}

/** Writes the vma's flags. */
export function setFlags(machine: Machine, vma: PointerValue, flags: IntegerValue): Value {
  writeInteger(machine, vma.place, ['vm_flags'], unsignedLong, flags);
  return nothing;
}

function without(flags: IntegerValue, bits: IntegerValue): IntegerValue | undefined {
  const mask = arithmetic('^', castInteger(bits, unsignedLong), integerOf(unsignedLong, -1n));
  return mask && arithmetic('&', flags, mask);
}

/** `vm_flags_set(vma, set)`, `vm_flags_clear(vma, clear)`, `vm_flags_mod(vma, set, clear)`. */
function changeFlags(set: number | undefined, clear: number | undefined): KernelCall {
  return (_, machine, call) => {
    const vma = pointerArgument(machine, call, 0);
    let flags = flagsOf(machine, vma);
    const added = set === undefined ? zero : integerArgument(call, set);
    const dropped = clear === undefined ? zero : integerArgument(call, clear);
    if (!vma || !flags || !added || !dropped) return undefined;
    flags = arithmetic('|', flags, castInteger(added, unsignedLong));
    flags = flags && without(flags, dropped);
    return flags && setFlags(machine, vma, flags);
  };
}

const initFlags: KernelCall = (_, machine, call) => {
  const vma = pointerArgument(machine, call, 0);
  const flags = integerArgument(call, 1);
  return vma && flags && setFlags(machine, vma, flags);
};

/** The flags that `VMA_IO_BIT, VMA_PFNMAP_BIT` name: the variadic calls on a vm_area_desc, 7.1. */
function namedBits(world: SymbolicWorld, call: ExternalCall): IntegerValue {
  const { version } = world.driver.target;
  let bits = 0n;
  for (const expression of call.expressions.slice(1)) {
    const name = expression.kind === 'name' ? /^VMA_(\w+)_BIT$/.exec(expression.name)?.[1] : undefined;
    if (name) bits |= flagValue(`VM_${name}`, version) ?? 0n;
  }
  return integerOf(unsignedLong, bits);
}

/** `vma_desc_set_flags(desc, bit…)` and `vma_desc_clear_flags(desc, bit…)`. */
function changeNamedFlags(action: 'set' | 'clear'): KernelCall {
  return (world, machine, call) => {
    const desc = pointerArgument(machine, call, 0);
    const flags = flagsOf(machine, desc);
    const bits = namedBits(world, call);
    if (!desc || !flags) return undefined;
    const changed = action === 'set' ? arithmetic('|', flags, bits) : without(flags, bits);
    return changed && setFlags(machine, desc, changed);
  };
}

/** `vma_desc_test(desc, bit…)` and its like: whether any, or all, of the flags are set. */
function testNamedFlags(which: 'any' | 'all'): KernelCall {
  return (world, machine, call) => {
    const flags = flagsOf(machine, pointerArgument(machine, call, 0));
    const bits = namedBits(world, call);
    const common = flags && arithmetic('&', flags, bits);
    return common && (which === 'any' ? comparison('!=', common, zero) : comparison('==', common, bits));
  };
}

const isCowMapping: KernelCall = (_, __, call) => {
  const flags = integerArgument(call, 0);
  const both = flags && arithmetic('&', flags, integerOf(unsignedLong, VM_SHARED | VM_MAYWRITE));
  return both && comparison('==', both, integerOf(unsignedLong, VM_MAYWRITE));
};

export const flagCalls: readonly (readonly [string, KernelCall])[] = [
  ['vm_flags_set', changeFlags(1, undefined)],
  ['vm_flags_clear', changeFlags(undefined, 1)],
  ['vm_flags_mod', changeFlags(1, 2)],
  ['__vm_flags_mod', changeFlags(1, 2)],
  ['vma_desc_set_flags', changeNamedFlags('set')],
  ['vma_desc_clear_flags', changeNamedFlags('clear')],
  ['vma_desc_test', testNamedFlags('any')],
  ['vma_desc_test_flags', testNamedFlags('any')],
  ['vma_desc_test_any', testNamedFlags('any')],
  ['vma_desc_test_all', testNamedFlags('all')],
  ['vm_flags_init', initFlags],
  ['vm_flags_reset', initFlags],
  ['vm_flags_reset_once', initFlags],
  ['is_cow_mapping', isCowMapping],
];
