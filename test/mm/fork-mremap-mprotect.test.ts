/** Sections 7, 8 and 9 of the semantics: fork, mremap, mprotect. */
import { describe, expect, test } from 'vitest';
import * as mm from '../../server/src/mm/index.ts';
import { type Bench, bench, brief, map, mapped, page, problems, rw, vmaAt } from './bench.ts';

const barPfn = 0x81000n;

/** A device that remaps its registers, with operations. */
function barBench(ops: mm.VmOps | undefined = undefined, more: { version?: string; flags?: bigint; write?: boolean } = {}): Bench {
  const b = bench((vma) => {
    if (ops) vma.vm_ops = ops;
    mm.vm_flags_set(vma, more.flags ?? 0n);
    return mm.remap_pfn_range(vma, vma.vm_start, barPfn + vma.vm_pgoff, mm.vmaSize(vma), vma.vm_page_prot);
  }, more);
  mm.addDeviceRegion(b.system, { bytes: 16n * page, label: 'bar', physical: barPfn << mm.PAGE_SHIFT });
  return b;
}

/** A device whose pages come from a fault handler; `mixed` sets VM_MIXEDMAP. */
function faultBench(mixed: boolean, version = '6.12'): Bench {
  const b = bench(
    (vma) => {
      if (mixed) mm.vm_flags_set(vma, mm.VM_MIXEDMAP);
      vma.vm_ops = {
        table: 'ops',
        fault: (vmf) => {
          if (vmf.pgoff >= 4n) return mm.VM_FAULT_SIGBUS;
          mm.get_page(b.system, first + vmf.pgoff);
          vmf.page = first + vmf.pgoff;
          return 0;
        },
      };
      return 0;
    },
    { version },
  );
  const first = mm.pfnAt(mm.alloc_pages_exact(b.system, { bytes: 4n * page, label: 'buffer', zero: true }), 0) ?? 0n;
  return b;
}

function childOf(b: Bench): mm.Mm {
  const { child } = mm.fork(b.process);
  if (!child) throw new Error('fork failed');
  return child;
}

describe('S7 fork', () => {
  test('S7.1 a vma with VM_DONTCOPY is absent in the child', () => {
    const b = barBench(undefined, { flags: mm.VM_DONTCOPY });
    const a = mapped(map(b, 1));
    expect(brief(mm.access(childOf(b), a, 'read'))).toBe('SIGSEGV');
  });

  test('S7.2 the child’s vma is a copy with a file reference, without VM_LOCKED', () => {
    const b = faultBench(false);
    const a = mapped(map(b, 1, rw, mm.MAP_SHARED | mm.MAP_LOCKED));
    vmaAt(b, a).vm_private_data = 'data';
    expect(vmaAt(b, a).vm_flags & mm.VM_LOCKED).toBe(mm.VM_LOCKED);
    const copy = childOf(b).lookup(a);
    expect([copy?.vm_private_data, (copy?.vm_flags ?? 0n) & mm.VM_LOCKED, b.file.references]).toEqual(['data', 0n, 3]);
  });

  test.each([
    ['6.1', 1],
    ['6.8', 1],
    ['6.12', 0],
  ])('S7.3 open runs after the entries are copied up to 6.8, before it later (%s)', (version, expected) => {
    const seen: number[] = [];
    const b = barBench({ table: 'ops', open: (vma) => seen.push(vma.vm_mm.table.pages) }, { version });
    mapped(map(b, 1));
    childOf(b);
    expect(seen).toEqual([expected]);
  });

  test('S7.4 entries that a fault can bring back are not copied', () => {
    const copied = (mixed: boolean): number => {
      const b = faultBench(mixed);
      mm.access(b.process, mapped(map(b, 1)), 'read');
      return childOf(b).table.pages;
    };
    expect([copied(false), copied(true)]).toEqual([0, 1]);
    const b = barBench();
    mapped(map(b, 2));
    expect(childOf(b).table.pages).toBe(2);
  });

  test('S7.5 a COW mapping is write-protected on both sides and the device memory stays as it is', () => {
    const b = barBench();
    const a = mapped(map(b, 2, rw, mm.MAP_PRIVATE)) + page;
    mm.access(b.process, a, 'write', { bytes: Uint8Array.of(1) });
    const child = childOf(b);
    expect([b.process, child].map((each) => mm.isWritable(each.table.get(mm.pageOf(a))?.prot ?? 0n))).toEqual([false, false]);
    mm.access(child, a, 'write', { bytes: Uint8Array.of(2) });
    expect(mm.access(b.process, a, 'read').reached?.bytes[0]).toBe(1);
    expect([b.process.rss.anonymous, child.rss.anonymous]).toEqual([1, 1]);
    expect([problems(mm.exit(child)), problems(mm.exit(b.process))]).toEqual([[], []]);
  });

  test.each([
    ['6.1', 'ok'],
    ['6.1.192', 'ENOMEM'],
    ['6.12', 'ENOMEM'],
    ['6.16', 'ok'],
  ])('S7.6 on %s a fork whose private mapping has copied its first page gives %s, for the sake of the cache type', (version, expected) => {
    const b = barBench({ table: 'ops', open: () => opened.push(1), close: () => closed.push(1) }, { version });
    const opened: number[] = [];
    const closed: number[] = [];
    mm.access(b.process, mapped(map(b, 1, rw, mm.MAP_PRIVATE)), 'write');
    expect(brief(mm.fork(b.process))).toBe(expected);
    expect([opened.length, closed.length]).toEqual(expected === 'ok' ? [1, 0] : [1, 1]);
    expect([b.system.processes.length, b.file.references]).toEqual(expected === 'ok' ? [2, 3] : [1, 2]);
  });

  test.each(['6.12', '6.16'])('S7.6 the cache type stays reserved until the last process is gone (%s)', (version) => {
    const b = barBench(undefined, { version });
    const a = mapped(map(b, 2));
    const child = childOf(b);
    mm.munmap(b.process, a, 2n * page);
    expect(b.system.memoryTypes.ofDevice(Number(barPfn))).toBe('uncached-minus');
    mm.exit(child);
    expect(b.system.memoryTypes.ofDevice(Number(barPfn))).toBeUndefined();
  });

  test('S7.7 VM_WIPEONFORK is for anonymous memory only, whose child reads zeros', () => {
    const b = barBench();
    expect(brief(mm.madvise(b.process, mapped(map(b, 1)), page, 'WIPEONFORK'))).toBe('EINVAL');
    const a = mapped(mm.mmap(b.process, { length: page, prot: rw, flags: mm.MAP_PRIVATE | mm.MAP_ANONYMOUS }));
    mm.access(b.process, a, 'write', { bytes: Uint8Array.of(7) });
    expect(brief(mm.madvise(b.process, a, page, 'WIPEONFORK'))).toBe('ok');
    expect(mm.access(childOf(b), a, 'read').reached?.bytes[0]).toBe(0);
  });
});

describe('S8 mremap', () => {
  const remap = (b: Bench, address: bigint, oldPages: number, newPages: number, flags = 0, newAddress?: bigint): mm.UserResult =>
    mm.mremap(b.process, {
      address,
      oldLength: BigInt(oldPages) * page,
      newLength: BigInt(newPages) * page,
      flags,
      ...(newAddress === undefined ? {} : { newAddress }),
    });
  const fixed = mm.MREMAP_MAYMOVE | mm.MREMAP_FIXED;

  test.each([
    ['an unknown flag', 8, 1, 'EINVAL'],
    ['MREMAP_FIXED without MREMAP_MAYMOVE', mm.MREMAP_FIXED, 1, 'EINVAL'],
    ['no new length', 0, 0, 'EINVAL'],
  ])('%s', (_what, flags, pages, expected) => {
    const b = barBench();
    expect(brief(remap(b, mapped(map(b, 2)), 2, pages, flags))).toBe(expected);
  });

  test('an address that nothing is mapped at gives EFAULT', () => {
    expect(brief(remap(barBench(), 0x1000_0000n, 1, 1))).toBe('EFAULT');
  });

  test('S8.1 shrinking always works and is a munmap of the tail', () => {
    const closed: bigint[] = [];
    const b = barBench({ table: 'ops', close: (vma) => closed.push(mm.vma_pages(vma)) });
    const a = mapped(map(b, 4));
    expect(remap(b, a, 4, 1).outcome).toEqual({ kind: 'ok', value: a });
    expect([closed, mm.vma_pages(vmaAt(b, a))]).toEqual([[3n], 1n]);
  });

  test('S8.2 a PFN mapping cannot grow', () => {
    const b = barBench();
    const a = mapped(map(b, 2));
    expect([brief(remap(b, a, 2, 3)), brief(remap(b, a, 2, 3, mm.MREMAP_MAYMOVE))]).toEqual(['EFAULT', 'EFAULT']);
  });

  test.each([
    [true, '5.19', 'ok'],
    // The new range is to be merged with the vma, and special vmas are never merged.
    [true, '6.1', 'ENOMEM'],
    [true, '6.12', 'ENOMEM'],
    [false, '6.12', 'ok'],
  ])('S8.2 a mapping with faults grows where there is room; mixed: %s, %s', (isMixed, version, result) => {
    const b = faultBench(isMixed, version);
    const a = mapped(map(b, 2, rw, mm.MAP_SHARED, { address: 0x1000_0000n }));
    expect(brief(remap(b, a, 2, 5))).toBe(result);
    if (result !== 'ok') return;
    expect([brief(mm.access(b.process, a + 3n * page, 'read')), brief(mm.access(b.process, a + 4n * page, 'read'))]).toEqual([
      'ok',
      'SIGBUS',
    ]);
  });

  test('S8.2 growing where there is no room needs MREMAP_MAYMOVE', () => {
    const b = faultBench(true);
    const a = mapped(map(b, 2));
    expect(brief(remap(b, a, 2, 3))).toBe('ENOMEM');
    const moved = remap(b, a, 2, 3, mm.MREMAP_MAYMOVE);
    expect(brief(moved)).toBe('ok');
    expect(b.process.lookup(a)).toBeUndefined();
  });

  test('S8.3 a move calls open for the new vma, mremap, then close for the old one; the entries move', () => {
    const calls: string[] = [];
    const note =
      (name: string) =>
      (vma: mm.Vma): number =>
        calls.push(`${name} ${mm.hex(vma.vm_start)}`) * 0;
    const b = barBench({ table: 'ops', open: note('open'), close: note('close'), mremap: note('mremap') });
    const a = mapped(map(b, 2, rw, mm.MAP_SHARED, { address: 0x1000_0000n, offset: page }));
    expect(brief(remap(b, a, 2, 2, fixed, 0x2000_0000n))).toBe('ok');
    expect(calls).toEqual(['open 0x20000000', 'mremap 0x20000000', 'close 0x10000000']);
    expect([vmaAt(b, 0x2000_0000n).vm_pgoff, b.process.table.runs[0]?.value.pfn]).toEqual([1n, Number(barPfn) + 1]);
    expect(brief(mm.access(b.process, a, 'read'))).toBe('SIGSEGV');
  });

  test('S8.3 vm_ops->mremap can refuse, and everything is as before', () => {
    const b = barBench({ table: 'ops', mremap: () => -mm.errno.EINVAL });
    const a = mapped(map(b, 2));
    expect(brief(remap(b, a, 2, 2, fixed, 0x2000_0000n))).toBe('EINVAL');
    expect([b.process.vmas.length, brief(mm.access(b.process, a, 'read')), b.file.references]).toEqual([1, 'ok', 2]);
  });

  test('MREMAP_FIXED unmaps the target first and refuses overlap', () => {
    const b = barBench();
    const a = mapped(map(b, 2));
    const other = mapped(map(b, 2));
    expect(brief(remap(b, a, 2, 2, fixed, a + page))).toBe('EINVAL');
    expect(brief(remap(b, a, 2, 2, fixed, other))).toBe('ok');
    expect(b.process.vmas.map((vma) => vma.vm_start)).toEqual([other]);
  });

  test('S8.4 old_len 0 duplicates a shared mapping, unless it may not grow', () => {
    const b = faultBench(false);
    expect(brief(remap(b, mapped(map(b, 2)), 0, 2, mm.MREMAP_MAYMOVE))).toBe('ok');
    expect(b.process.vmas.length).toBe(2);
    expect(brief(remap(b, mapped(map(b, 2, rw, mm.MAP_PRIVATE)), 0, 2, mm.MREMAP_MAYMOVE))).toBe('EINVAL');
    const raw = barBench();
    expect(brief(remap(raw, mapped(map(raw, 2)), 0, 2, mm.MREMAP_MAYMOVE))).toBe('EFAULT');
  });

  test('S8.5 MREMAP_DONTUNMAP is refused for PFN mappings', () => {
    const b = barBench();
    expect(brief(remap(b, mapped(map(b, 2)), 2, 2, mm.MREMAP_MAYMOVE | mm.MREMAP_DONTUNMAP))).toBe('EINVAL');
  });

  test('S8.6 moving a part asks may_split for both ends', () => {
    const asked: bigint[] = [];
    const b = barBench({ table: 'ops', may_split: (_vma, address) => asked.push(address) * 0 });
    const a = mapped(map(b, 4));
    expect(brief(remap(b, a + page, 2, 2, fixed, 0x2000_0000n))).toBe('ok');
    expect(asked.slice(0, 2)).toEqual([a + page, a + 3n * page]);
    expect(b.process.vmas.map((vma) => vma.vm_pgoff)).toEqual([1n, 0n, 3n]);
  });
});

describe('S9 mprotect', () => {
  test('S9.1 rights must be within VM_MAY*, and the driver may refuse', () => {
    const b = barBench({ table: 'ops', mprotect: (_vma, _start, _end, flags) => (flags & mm.VM_EXEC ? -mm.errno.EPERM : 0) });
    const a = mapped(map(b, 2));
    expect(brief(mm.mprotect(b.process, a, page, mm.PROT_READ | mm.PROT_EXEC))).toBe('EPERM');
    const reading = barBench(undefined, { write: false });
    expect(brief(mm.mprotect(reading.process, mapped(map(reading, 1, mm.PROT_READ)), page, rw))).toBe('EACCES');
  });

  test.each([
    ['an unaligned start', 1n, page, 'EINVAL'],
    ['no length', 0n, 0n, 'ok'],
    ['past the end', 0n, 3n * page, 'ENOMEM'],
  ])('%s', (_what, offset, length, expected) => {
    const b = barBench();
    expect(brief(mm.mprotect(b.process, mapped(map(b, 2)) + offset, length, mm.PROT_READ))).toBe(expected);
  });

  test('S9.2 refusing VM_WRITE without clearing VM_MAYWRITE is bypassed', () => {
    const writable = (clear: bigint): string => {
      const b = bench((vma) => {
        if (vma.vm_flags & mm.VM_WRITE) return -mm.errno.EPERM;
        mm.vm_flags_clear(vma, clear);
        return mm.remap_pfn_range(vma, vma.vm_start, barPfn, page, vma.vm_page_prot);
      });
      mm.addDeviceRegion(b.system, { bytes: page, label: 'bar', physical: barPfn << mm.PAGE_SHIFT });
      const a = mapped(map(b, 1, mm.PROT_READ));
      const changed = brief(mm.mprotect(b.process, a, page, rw));
      return changed === 'ok' ? brief(mm.access(b.process, a, 'write')) : changed;
    };
    expect([writable(0n), writable(mm.VM_MAYWRITE)]).toEqual(['ok', 'EACCES']);
  });

  test('S9.3 the cache type survives, in the vma and in the entries', () => {
    const b = bench((vma) => {
      mm.assignVmaField(vma, 'vm_page_prot', mm.pgprot_noncached(vma.vm_page_prot));
      return mm.remap_pfn_range(vma, vma.vm_start, barPfn, page, vma.vm_page_prot);
    });
    mm.addDeviceRegion(b.system, { bytes: page, label: 'bar', physical: barPfn << mm.PAGE_SHIFT });
    const a = mapped(map(b, 1));
    mm.mprotect(b.process, a, page, mm.PROT_READ);
    const prots = [vmaAt(b, a).vm_page_prot, b.process.table.get(mm.pageOf(a))?.prot ?? 0n];
    expect(prots.map((prot) => [mm.cacheTypeOf(prot), mm.isWritable(prot)])).toEqual([
      ['uncached-minus', false],
      ['uncached-minus', false],
    ]);
  });

  test('S9.4 a part is split off, with open; the rest keeps its rights', () => {
    let opened = 0;
    const b = barBench({ table: 'ops', open: () => void ++opened });
    const a = mapped(map(b, 3));
    expect(brief(mm.mprotect(b.process, a + page, page, mm.PROT_READ))).toBe('ok');
    expect([opened, b.process.vmas.length]).toEqual([2, 3]);
    expect([0n, 1n, 2n].map((index) => brief(mm.access(b.process, a + index * page, 'write')))).toEqual(['ok', 'SIGSEGV', 'ok']);
  });

  test('a vma without special flags is merged again when the rights are equal again', () => {
    const b = faultBench(false);
    const a = mapped(map(b, 3));
    mm.mprotect(b.process, a + page, page, mm.PROT_READ);
    mm.mprotect(b.process, a + page, page, rw);
    expect([b.process.vmas.length, b.file.references]).toEqual([1, 2]);
  });

  test('S9.1 private memory that is locked is copied as soon as it becomes writable', () => {
    const copies = (flags: bigint): number => {
      const b = faultBench(false);
      const a = mapped(map(b, 2, mm.PROT_READ, mm.MAP_PRIVATE));
      vmaAt(b, a).vm_flags |= flags;
      mm.mprotect(b.process, a, 2n * page, rw);
      return b.process.rss.anonymous;
    };
    expect([copies(0n), copies(mm.VM_LOCKED)]).toEqual([0, 2]);
  });

  test('S7.6 a vma that is copied without its entries answers for no cache type (6.15, 6.12.23)', () => {
    const tracked = (version: string): boolean => {
      const b = barBench(undefined, { version, flags: mm.VM_WIPEONFORK });
      const a = mapped(map(b, 2));
      const child = mm.fork(b.process).child?.lookup(a);
      return ((child?.vm_flags ?? 0n) & mm.VM_PAT) !== 0n;
    };
    expect([tracked('6.12.1'), tracked('6.12.117')]).toEqual([true, false]);
  });

  test('S8.3 a move that is refused leaves the cache type to the vma that stays', () => {
    const b = barBench({ table: 'ops', mremap: () => -mm.errno.EPERM });
    const a = mapped(map(b, 1));
    const flags = mm.MREMAP_MAYMOVE | mm.MREMAP_FIXED;
    const result = mm.mremap(b.process, { address: a, oldLength: page, newLength: page, flags, newAddress: 0x1000_0000n });
    expect([brief(result), problems(result)]).toEqual(['EPERM', []]);
    expect(vmaAt(b, a).vm_flags & mm.VM_PAT).toBe(mm.VM_PAT);
  });

  test('PROT_NONE makes the entries unusable and back again', () => {
    const b = barBench();
    const a = mapped(map(b, 1));
    mm.mprotect(b.process, a, page, mm.PROT_NONE);
    expect(brief(mm.access(b.process, a, 'read'))).toBe('SIGSEGV');
    mm.mprotect(b.process, a, page, rw);
    expect(mm.access(b.process, a, 'write').faults).toBe(0);
  });
});
