/** The look-ups over the kernel facts, held against values known by hand. */
import { expect, test } from 'vitest';
import {
  allFacts,
  callFact,
  factsNamed,
  flagFact,
  flagValue,
  isAvailable,
  prototypeAt,
  setsFlagsAt,
  slotFact,
  subjectIndex,
} from '../../server/src/kernel/lookup.ts';
import type { KernelVersion } from '../../server/src/kernel/version.ts';
import { parseVersion } from '../../server/src/kernel/version.ts';

const v = (text: string): KernelVersion => {
  const version = parseVersion(text);
  if (!version) throw new Error(text);
  return version;
};

test('a flag has its bits by version', () => {
  expect(flagValue('VM_PFNMAP', v('6.12'))).toBe(0x400n);
  expect(flagValue('VM_PFNMAP', v('2.6.12'))).toBeUndefined();
  expect(flagValue('VM_SHM', v('2.6.12'))).toBe(0x400n);
  expect(flagValue('VM_MIXEDMAP', v('6.1'))).toBe(0x1000_0000n);
  expect(flagValue('VM_RESERVED', v('3.6'))).toBe(0x8_0000n);
  expect(flagValue('VM_RESERVED', v('3.7'))).toBeUndefined();
  expect(flagValue('VM_SPECIAL', v('6.12'))).toBe(0x1004_4400n);
  expect(flagValue('VM_SPECIAL', v('3.10'))).toBe(0x4_4400n);
  expect(flagFact('VM_PFNMAP')?.smaps).toBe('pf');
});

test('a call knows its argument, its lock and what it sets', () => {
  const call = callFact('remap_pfn_range');
  if (call?.kind !== 'call') throw new Error('remap_pfn_range is no call');
  expect(call.vmaArgument).toBe(0);
  expect(call.lock).toBe('write');
  expect(call.argsUnit).toBe('pfn');
  expect(setsFlagsAt(call, v('6.12'))).toEqual(['VM_IO', 'VM_PFNMAP', 'VM_DONTEXPAND', 'VM_DONTDUMP']);
  expect(setsFlagsAt(call, v('2.6.12'))).toEqual(['VM_IO', 'VM_RESERVED']);
  expect(prototypeAt(call, v('6.12'))?.parameters.map(({ role }) => role)).toEqual(['vma', 'address', 'pfn', 'size', 'prot']);
  expect(prototypeAt(call, v('2.4'))).toBeUndefined();
});

test('availability follows the versions', () => {
  const fact = (name: string) => factsNamed(name)[0] ?? expect.fail(name);
  expect(isAvailable(fact('vm_insert_pfn'), v('4.19'))).toBe('yes');
  expect(isAvailable(fact('vm_insert_pfn'), v('4.20'))).toBe('removed');
  expect(isAvailable(fact('vmf_insert_pfn'), v('4.16'))).toBe('not-yet');
  expect(isAvailable(fact('zap_vma_ptes'), v('7.0'))).toBe('unknown-boundary');
});

test('a slot knows the parameter that is the vma or vmf', () => {
  const fault = slotFact('vm_operations_struct', 'fault');
  const index = (version: string) => {
    const prototype = fault && prototypeAt(fault, v(version));
    return prototype && subjectIndex(prototype);
  };
  expect(index('6.12')).toBe(0);
  expect(index('4.9')).toBe(1);
  expect(slotFact('bin_attribute', 'mmap')?.parameter).toBe(3);
  expect(allFacts().length).toBeGreaterThan(316);
});
