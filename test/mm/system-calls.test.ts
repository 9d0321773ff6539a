/** System calls about mappings that ask or tell the kernel something: msync, mincore, mlockall, remap_file_pages, core dumps, code. */
import { describe, expect, test } from 'vitest';
import * as mm from '../../server/src/mm/index.ts';
import { type Bench, bench, brief, map, mapped, page, rw, vmaAt } from './bench.ts';

/** Maps pages of a buffer by fault; no flags of its own. */
function faultBench(options: { readonly fsync?: () => number; readonly version?: string } = {}): Bench & { readonly faults: bigint[] } {
  const faults: bigint[] = [];
  const system = bench(() => 0, options.version === undefined ? {} : { version: options.version }).system;
  const pfn = mm.pfnAt(mm.alloc_pages(system, { order: 2, label: 'buffer', zero: true }), 0) ?? 0n;
  const fault = (vmf: mm.VmFault): number => {
    faults.push(vmf.pgoff);
    if (vmf.pgoff >= 3n) return mm.VM_FAULT_SIGBUS;
    vmf.page = pfn + vmf.pgoff;
    mm.get_page(system, vmf.page);
    return 0;
  };
  const ops: mm.FileOps = {
    table: 'test_fops',
    mmap: (_file, vma) => {
      vma.vm_ops = { table: 'test_vm_ops', fault };
      return 0;
    },
    ...(options.fsync ? { fsync: options.fsync } : {}),
  };
  const file = system.openFile({ name: '/dev/test', ops, read: true, write: true });
  return { system, process: system.createProcess(), file, faults };
}

describe('msync', () => {
  test.each([
    ['async', 0n, 4n, mm.MS_ASYNC, 'ok'],
    ['without a fsync', 0n, 4n, mm.MS_SYNC, 'EINVAL'],
    ['async and sync', 0n, 4n, mm.MS_ASYNC | mm.MS_SYNC, 'EINVAL'],
    ['an unknown flag', 0n, 4n, 8, 'EINVAL'],
    ['an unaligned start', 1n, 4n, mm.MS_ASYNC, 'EINVAL'],
    ['a hole behind it', 0n, 9n, mm.MS_ASYNC, 'ENOMEM'],
    ['nothing', 0n, 0n, mm.MS_SYNC, 'ok'],
  ])('%s', (_, offset, pages, flags, result) => {
    const b = faultBench();
    const a = mapped(map(b, 4));
    expect(brief(mm.msync(b.process, a + offset, pages * page, flags))).toBe(result);
  });

  test('calls the fsync of the file for shared mappings alone, and gives its error', () => {
    let calls = 0;
    const b = faultBench({ fsync: () => (++calls > 1 ? -5 : 0) });
    const shared = mapped(map(b, 1));
    const secret = mapped(map(b, 1, rw, mm.MAP_PRIVATE));
    expect(brief(mm.msync(b.process, secret, page, mm.MS_SYNC))).toBe('ok');
    expect(calls).toBe(0);
    expect(brief(mm.msync(b.process, shared, page, mm.MS_SYNC))).toBe('ok');
    expect(brief(mm.msync(b.process, shared, page, mm.MS_SYNC))).toBe('EIO');
  });

  test('goes on over a hole, and MS_INVALIDATE refuses locked memory', () => {
    let calls = 0;
    const b = faultBench({ fsync: () => calls++ && 0 });
    const a = mapped(map(b, 3));
    mm.munmap(b.process, a + page, page);
    expect(brief(mm.msync(b.process, a, 3n * page, mm.MS_SYNC))).toBe('ENOMEM');
    expect(calls).toBe(2);
    mm.mlock(b.process, a, page);
    expect(brief(mm.msync(b.process, a, page, mm.MS_ASYNC | mm.MS_INVALIDATE))).toBe('EBUSY');
  });
});

describe('mincore', () => {
  test('has a byte for each page, over several vmas', () => {
    const b = faultBench();
    const a = mapped(map(b, 3));
    mm.access(b.process, a, 'read');
    mm.access(b.process, a + 2n * page, 'write');
    mm.mprotect(b.process, a + page, page, mm.PROT_READ);
    const result = mm.mincore(b.process, a, 3n * page);
    expect(brief(result)).toBe('ok');
    expect([...result.vector]).toEqual([1, 0, 1]);
    expect(b.faults).toEqual([0n, 2n]);
  });

  test('refuses what is unaligned, unmapped or no address', () => {
    const b = faultBench();
    const a = mapped(map(b, 1));
    expect(brief(mm.mincore(b.process, a + 1n, page))).toBe('EINVAL');
    expect(brief(mm.mincore(b.process, a, 2n * page))).toBe('ENOMEM');
    expect(brief(mm.mincore(b.process, 1n << 60n, page))).toBe('ENOMEM');
  });

  test('does not look into VM_PFNMAP mappings', () => {
    const b = bench((vma) => mm.remap_pfn_range(vma, vma.vm_start, 0x8_1000n, page, vma.vm_page_prot));
    mm.addDeviceRegion(b.system, { bytes: page, label: 'bar', physical: 0x8_1000n << mm.PAGE_SHIFT });
    const a = mapped(map(b, 1));
    expect(b.process.table.runs).toHaveLength(1);
    expect([...mm.mincore(b.process, a, page).vector]).toEqual([0]);
  });
});

describe('mlockall', () => {
  test('locks what is there, populates it and goes on after what cannot be had', () => {
    const b = faultBench();
    const a = mapped(map(b, 4));
    const c = mapped(map(b, 1));
    expect(brief(mm.mlockall(b.process, { current: true }))).toBe('ok');
    expect([a, c].map((address) => vmaAt(b, address).vm_flags & mm.VM_LOCKED)).toEqual([mm.VM_LOCKED, mm.VM_LOCKED]);
    expect(b.faults.filter((pgoff) => pgoff === 0n)).toHaveLength(2);
    expect(brief(mm.munlockall(b.process))).toBe('ok');
    expect(vmaAt(b, a).vm_flags & mm.VM_LOCKED).toBe(0n);
  });

  test('MCL_FUTURE locks what comes, on fault when that is asked for', () => {
    const b = faultBench();
    mm.mlockall(b.process, { future: true, onFault: true });
    const a = mapped(map(b, 2));
    expect(vmaAt(b, a).vm_flags & mm.VM_LOCKED_MASK).toBe(mm.VM_LOCKED_MASK);
    expect(b.faults).toEqual([]);
    mm.mlockall(b.process, { future: true });
    mapped(map(b, 2));
    expect(b.faults).toEqual([0n, 1n]);
  });

  test('wants MCL_CURRENT or MCL_FUTURE', () => expect(brief(mm.mlockall(faultBench().process, { onFault: true }))).toBe('EINVAL'));
});

describe('remap_file_pages', () => {
  test('maps other pages of the file through the handler', () => {
    const b = faultBench();
    const a = mapped(map(b, 2));
    expect(brief(mm.remap_file_pages(b.process, a, page, 2n))).toBe('ok');
    expect(vmaAt(b, a)).toMatchObject({ vm_pgoff: 2n, vm_end: a + page });
    expect(b.faults).toEqual([2n]);
  });

  test.each([
    ['a private mapping', mm.MAP_PRIVATE, 1n, '6.12'],
    ['nothing', mm.MAP_SHARED, 0n, '6.12'],
    ['more than the mapping', mm.MAP_SHARED, 8n, '6.12'],
    ['a kernel before 4.0', mm.MAP_SHARED, 1n, '3.18'],
  ])('refuses %s', (_, flags, pages, version) => {
    const b = faultBench({ version });
    const a = mapped(map(b, 2, rw, flags));
    expect(brief(mm.remap_file_pages(b.process, a, pages * page, 1n))).toBe('EINVAL');
  });
});

describe('coredump', () => {
  const dumped = (b: Bench, filter?: number): readonly bigint[] =>
    mm.coredump(b.process, filter).ranges.map((range) => range.dumped / page);

  test('leaves shared device mappings out unless the filter has them; S10.3', () => {
    const b = faultBench();
    mapped(map(b, 4));
    expect(dumped(b)).toEqual([0n]);
    expect(b.faults).toEqual([]);
    expect(dumped(b, 0x3b)).toEqual([3n]);
    expect(b.faults).toEqual([0n, 1n, 2n, 3n]);
  });

  test('has private mappings once they were written to; VM_IO and VM_DONTDUMP never', () => {
    const b = faultBench();
    const a = mapped(map(b, 3, rw, mm.MAP_PRIVATE));
    mm.access(b.process, a + page, 'write');
    expect(dumped(b)).toEqual([3n]);
    mm.madvise(b.process, a, 3n * page, 'DONTDUMP');
    expect(dumped(b)).toEqual([0n]);
    mm.madvise(b.process, a, 3n * page, 'DODUMP');
    mm.vm_flags_set(vmaAt(b, a), mm.VM_IO);
    expect(dumped(b, 0xff)).toEqual([0n]);
  });

  test('looks for an ELF header at the start of a private mapping of offset 0', () => {
    const b = faultBench();
    const a = mapped(map(b, 1, mm.PROT_READ, mm.MAP_PRIVATE));
    const s = mapped(map(b, 1));
    expect(dumped(b)).toEqual([0n, 0n]);
    expect(b.faults).toEqual([0n]);
    mm.access(b.process, s, 'write', { bytes: Uint8Array.from([0x7f, 0x45, 0x4c, 0x46]) });
    expect(mm.coredump(b.process).ranges.find(({ start }) => start === a)?.dumped).toBe(page);
  });
});

test('code runs with VM_EXEC alone', () => {
  const b = faultBench();
  const a = mapped(map(b, 4, mm.PROT_READ));
  // The page comes in first; then the processor meets the entry that forbids code.
  expect(brief(mm.execute(b.process, a))).toBe('SIGSEGV');
  expect(b.faults).toEqual([0n]);
  mm.mprotect(b.process, a, 4n * page, mm.PROT_EXEC);
  expect(brief(mm.execute(b.process, a))).toBe('ok');
  expect(brief(mm.execute(b.process, a + 3n * page))).toBe('SIGBUS');
  expect(brief(mm.execute(b.process, 0x5000n))).toBe('SIGSEGV');
});
