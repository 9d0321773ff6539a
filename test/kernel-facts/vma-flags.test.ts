/** The vma flags of a version, and how smaps prints them. */
import { expect, test } from 'vitest';
import { kernelConstant } from '../../server/src/kernel/constants.ts';
import { errnoName, errnoNumber } from '../../server/src/kernel/errno.ts';
import { flagValue } from '../../server/src/kernel/lookup.ts';
import { parseVersion } from '../../server/src/kernel/version.ts';
import { smapsCodes, vmFlagNames, vmFlags } from '../../server/src/kernel/vma-flags.ts';

const v = (text: string) => parseVersion(text) ?? expect.fail(text);
const bits = (names: string, version: string) => names.split(' ').reduce((all, name) => all | (flagValue(name, v(version)) ?? 0n), 0n);

test('a version has its own flags', () => {
  const today = vmFlags(v('6.12'));
  expect(today).toMatchObject({ VM_READ: 1n, VM_PFNMAP: 0x400n, VM_IO: 0x4000n, VM_DONTEXPAND: 0x4_0000n, VM_LOCKONFAULT: 0x8_0000n });
  expect(today).toMatchObject({ VM_MIXEDMAP: 0x1000_0000n, VM_DONTDUMP: 0x400_0000n, VM_UFFD_MINOR: 1n << 38n, VM_SEALED: 1n << 63n });
  expect(today).not.toHaveProperty('VM_RESERVED');
  expect(vmFlags(v('6.1'))).toMatchObject({ VM_UFFD_MINOR: 1n << 37n });
  expect(vmFlags(v('3.6'))).toMatchObject({ VM_RESERVED: 0x8_0000n, VM_INSERTPAGE: 0x200_0000n, VM_NODUMP: 0x400_0000n });
  expect(vmFlags(v('2.6.18'))).not.toHaveProperty('VM_MIXEDMAP');
});

test('no two flags share a bit on one version, but for those of an architecture', () => {
  for (const version of ['2.4', '2.6.9', '2.6.18', '2.6.32', '3.0', '3.6', '3.10', '4.4', '5.4', '6.1', '6.12', '7.1']) {
    const byBits = new Map<bigint, string[]>();
    for (const [name, value] of Object.entries(vmFlags(v(version)))) byBits.set(value, [...(byBits.get(value) ?? []), name]);
    const shared = [...byBits.values()].filter((names) => names.length > 1 && !names.includes('VM_ARCH_1'));
    expect({ version, shared }).toEqual({ version, shared: [] });
  }
});

test('smaps prints the letters in the order of the bits', () => {
  const mapping = 'VM_READ VM_WRITE VM_SHARED VM_MAYREAD VM_MAYWRITE VM_MAYEXEC VM_MAYSHARE VM_PFNMAP VM_IO VM_DONTEXPAND VM_DONTDUMP';
  expect(smapsCodes(bits(mapping, '6.12'), v('6.12')).join(' ')).toBe('rd wr sh mr mw me ms pf io de dd');
  expect(smapsCodes(bits('VM_SOFTDIRTY VM_READ', '6.12'), v('6.12'))).toEqual(['rd', 'sd']);
});

test('smaps does not know every flag', () => {
  expect(smapsCodes(bits('VM_LOCKONFAULT', '6.1'), v('6.1'))).toEqual(['??']);
  expect(smapsCodes(bits('VM_LOCKONFAULT', '6.12'), v('6.12'))).toEqual(['lf']);
  expect(smapsCodes(0xfn << 32n, v('6.12'))).toEqual([]);
  expect(smapsCodes(1n, v('3.7'))).toEqual([]);
  expect(smapsCodes(bits('VM_ALLOW_ANY_UNCACHED', '6.12'), v('6.12'))).toEqual(['??']);
});

test('bits have names', () => {
  expect(vmFlagNames(bits('VM_READ VM_PFNMAP VM_IO', '6.12') | (1n << 50n), v('6.12'))).toEqual([
    'VM_READ',
    'VM_PFNMAP',
    'VM_IO',
    '0x4000000000000',
  ]);
});

test('a constant has its value and its type', () => {
  expect(kernelConstant('PAGE_SIZE', v('6.12'))).toEqual({ value: 4096n, type: 'unsigned long' });
  expect(kernelConstant('EINVAL', v('6.12'))).toEqual({ value: 22n, type: 'int' });
  expect(kernelConstant('NULL', v('6.12'))).toEqual({ value: 0n, type: 'pointer' });
  expect(kernelConstant('VM_SPECIAL', v('6.12'))).toEqual({ value: 0x1004_4400n, type: 'unsigned long' });
  expect(kernelConstant('VM_RESERVED', v('6.12'))).toBeUndefined();
  expect(kernelConstant('GFP_KERNEL', v('6.12'))).toEqual({ value: 0xcc0n, type: 'unsigned int' });
  expect(kernelConstant('MAX_ORDER', v('6.1'))?.value).toBe(11n);
  expect(kernelConstant('MAX_ORDER', v('6.4'))?.value).toBe(10n);
  expect(kernelConstant('toString', v('6.12'))).toBeUndefined();
});

test('fault results and fault flags follow the version', () => {
  expect(kernelConstant('VM_FAULT_NOPAGE', v('6.12'))).toEqual({ value: 0x100n, type: 'unsigned int' });
  expect(kernelConstant('VM_FAULT_NOPAGE', v('4.4'))).toEqual({ value: 0x100n, type: 'int' });
  expect(kernelConstant('VM_FAULT_ERROR', v('6.12'))?.value).toBe(0x873n);
  expect(kernelConstant('VM_FAULT_WRITE', v('6.12'))).toBeUndefined();
  expect(kernelConstant('FAULT_FLAG_MKWRITE', v('6.12'))?.value).toBe(2n);
  expect(kernelConstant('FAULT_FLAG_MKWRITE', v('3.16'))?.value).toBe(4n);
  expect(kernelConstant('FAULT_FLAG_WRITE', v('3.16'))?.value).toBe(1n);
});

test('error numbers have names both ways', () => {
  expect(errnoName(-14)).toBe('EFAULT');
  expect(errnoName(11n)).toBe('EAGAIN');
  expect(errnoName(4000)).toBeUndefined();
  expect(errnoNumber('ENXIO')).toBe(6);
  expect(errnoNumber('constructor')).toBeUndefined();
});
