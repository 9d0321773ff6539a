/** Sections 1 and 2 of the semantics: the vocabulary, and the order of checks before the driver is called. */
import { describe, expect, test } from 'vitest';
import * as mm from '../../server/src/mm/index.ts';
import { bench, brief, map, mapped, page, rw, vmaAt } from './bench.ts';

const accept = () => 0;

describe('S1 vocabulary', () => {
  test('S1.1 a private mapping that may become writable is COW, even when it is read-only now', () => {
    expect(mm.isCowMapping(mm.VM_MAYWRITE | mm.VM_READ)).toBe(true);
    expect(mm.isCowMapping(mm.VM_MAYWRITE | mm.VM_SHARED)).toBe(false);
    expect(mm.isCowMapping(mm.VM_READ)).toBe(false);
  });

  test('S1.2 a vma is anonymous when vm_ops is NULL, whatever vm_file is', () => {
    const b = bench((vma) => {
      vma.vm_ops = undefined;
      return 0;
    });
    const a = mapped(map(b, 1, rw, mm.MAP_PRIVATE));
    expect(mm.vma_is_anonymous(vmaAt(b, a))).toBe(true);
    expect(mm.access(b.process, a, 'write').reached?.memory).toBe('anonymous');
  });
});

describe('S2 checks of mmap(2)', () => {
  test.each([
    ['no length', { length: 0n }, 'EINVAL'],
    ['a length that wraps', { length: (1n << 64n) - 1n }, 'ENOMEM'],
    ['an offset that is not page aligned', { offset: 1n }, 'EINVAL'],
    ['an offset plus length past 2^64 bytes', { offset: (1n << 64n) - page, length: 2n * page }, 'EOVERFLOW'],
    ['neither shared nor private', { flags: 0 }, 'EINVAL'],
    ['more than the address space', { length: 1n << 47n }, 'ENOMEM'],
    ['MAP_FIXED at an unaligned address', { flags: mm.MAP_SHARED | mm.MAP_FIXED, address: 1n }, 'EINVAL'],
    ['MAP_GROWSDOWN', { flags: mm.MAP_PRIVATE | mm.MAP_GROWSDOWN }, 'EINVAL'],
    ['MAP_HUGETLB of a device', { flags: mm.MAP_SHARED | mm.MAP_HUGETLB }, 'EINVAL'],
    ['MAP_SHARED_VALIDATE with MAP_SYNC', { flags: mm.MAP_SHARED_VALIDATE | mm.MAP_SYNC }, 'EOPNOTSUPP'],
  ] as const)('%s', (_what, more, error) => {
    const b = bench(accept);
    expect(brief(map(b, 1, rw, mm.MAP_SHARED, more))).toBe(error);
  });

  test('S2.2 plain MAP_SHARED and MAP_PRIVATE take MAP_SYNC, which gives VM_SYNC', () => {
    const b = bench(accept);
    for (const type of [mm.MAP_SHARED, mm.MAP_PRIVATE]) {
      expect(vmaAt(b, mapped(map(b, 1, rw, type | mm.MAP_SYNC))).vm_flags & mm.VM_SYNC).toBe(mm.VM_SYNC);
    }
    const old = bench(accept, { version: '4.14' });
    expect(vmaAt(old, mapped(map(old, 1, rw, mm.MAP_SHARED | mm.MAP_SYNC))).vm_flags & mm.VM_SYNC).toBe(0n);
  });

  test('S2.4 an offset check does not apply to files with unsigned offsets', () => {
    const b = bench(accept);
    const file = b.system.openFile({ name: '/dev/mem', ops: b.file.ops, read: true, write: true, unsignedOffset: true });
    const last = { offset: (1n << 64n) - page, length: page };
    expect(brief(map(b, 1, rw, mm.MAP_SHARED, { ...last }))).toBe('EOVERFLOW');
    expect(brief(map(b, 1, rw, mm.MAP_SHARED, { ...last, file }))).toBe('ok');
  });

  test('S2.3 MAP_FIXED_NOREPLACE over a mapping gives EEXIST', () => {
    const b = bench(accept);
    const a = mapped(map(b, 2));
    expect(brief(map(b, 1, rw, mm.MAP_SHARED | mm.MAP_FIXED_NOREPLACE, { address: a + page }))).toBe('EEXIST');
  });

  test('S2.5 a shared writable mapping needs a file open for writing', () => {
    const b = bench(accept, { write: false });
    expect(brief(map(b, 1))).toBe('EACCES');
    const a = mapped(map(b, 1, mm.PROT_READ));
    expect(vmaAt(b, a).vm_flags & (mm.VM_SHARED | mm.VM_MAYSHARE | mm.VM_MAYWRITE)).toBe(mm.VM_MAYSHARE);
  });

  test('S2.6 every file mapping needs a file open for reading, and a noexec mount forbids PROT_EXEC', () => {
    const b = bench(accept, { read: false });
    expect(brief(map(b, 1, mm.PROT_WRITE))).toBe('EACCES');
    const ok = bench(accept);
    const file = ok.system.openFile({ name: '/mnt/dev', ops: ok.file.ops, read: true, write: true, noexec: true });
    expect(brief(map(ok, 1, mm.PROT_READ | mm.PROT_EXEC, mm.MAP_SHARED, { file }))).toBe('EPERM');
    const a = mapped(map(ok, 1, mm.PROT_READ, mm.MAP_SHARED, { file }));
    expect(vmaAt(ok, a).vm_flags & mm.VM_MAYEXEC).toBe(0n);
  });

  test('S2.7 a file without a handler gives ENODEV, and so does one with both from 6.16 on', () => {
    const b = bench(accept);
    const none = b.system.openFile({ name: '/dev/none', ops: { table: 'none' }, read: true, write: true });
    expect(brief(map(b, 1, rw, mm.MAP_SHARED, { file: none }))).toBe('ENODEV');
    const newer = bench(accept, { version: '6.17' });
    const both = newer.system.openFile({
      name: '/dev/both',
      ops: { table: 'both', mmap: accept, mmap_prepare: accept },
      read: true,
      write: true,
    });
    expect(brief(map(newer, 1, rw, mm.MAP_SHARED, { file: both }))).toBe('ENODEV');
  });

  test('S2.8 a private mapping keeps VM_MAYWRITE whatever the open mode is', () => {
    const b = bench(accept, { write: false });
    const a = mapped(map(b, 1, mm.PROT_READ, mm.MAP_PRIVATE));
    expect(vmaAt(b, a).vm_flags & mm.VM_MAYWRITE).toBe(mm.VM_MAYWRITE);
    expect(brief(mm.mprotect(b.process, a, page, rw))).toBe('ok');
  });

  test('mappings are placed from the top down, and a free hint is taken', () => {
    const b = bench((vma) => mm.remap_pfn_range(vma, vma.vm_start, 0n, mm.vmaSize(vma), vma.vm_page_prot));
    const first = mapped(map(b, 2));
    const second = mapped(map(b, 3));
    expect([first, second]).toEqual([mm.MMAP_BASE - 2n * page, mm.MMAP_BASE - 5n * page]);
    expect(mapped(map(b, 1, rw, mm.MAP_SHARED, { address: 0x1000_0123n }))).toBe(0x1000_0000n);
    mm.munmap(b.process, first, 2n * page);
    expect(mapped(map(b, 2))).toBe(first);
  });
});
