/** Sections 6 and 11 of the semantics: unmapping, splitting, lifetimes. */
import { describe, expect, test } from 'vitest';
import * as mm from '../../server/src/mm/index.ts';
import { type Bench, bench, brief, map, mapped, noting, page, problems, vmaAt } from './bench.ts';

/** A device that remaps a freshly allocated buffer. */
function bufferBench(ops?: mm.VmOps): Bench & { readonly buffer: mm.Allocation } {
  const b = bench((vma) => {
    if (ops) vma.vm_ops = ops;
    return mm.remap_pfn_range(vma, vma.vm_start, mm.pfnAt(buffer, 0) ?? 0n, mm.vmaSize(vma), vma.vm_page_prot);
  });
  const buffer = mm.alloc_pages(b.system, { order: 2, label: 'buffer', zero: true });
  return { ...b, buffer };
}

describe('S6 unmapping', () => {
  test.each([
    ['an unaligned start', 1n, page, 'EINVAL'],
    ['no length', 0n, 0n, 'EINVAL'],
    ['a hole', page, page, 'ok'],
  ] as const)('munmap of %s', (_what, start, length, expected) => {
    expect(brief(mm.munmap(bench(() => 0).process, 0x1000_0000n + start, length))).toBe(expected);
  });

  test('S6.1 and S6.3 close runs under the downgraded lock, after all entries are gone', () => {
    const seen: unknown[] = [];
    const b = bufferBench({ table: 'ops', close: (vma) => seen.push(vma.vm_mm.mmapLock, vma.vm_mm.table.pages) });
    const a = mapped(map(b, 4));
    mm.munmap(b.process, a, 4n * page);
    expect(seen).toEqual(['read', 0]);
  });

  test('S6.2 a special entry is dropped without counting', () => {
    const b = bufferBench();
    const a = mapped(map(b, 4));
    expect(problems(mm.munmap(b.process, a, 4n * page))).toEqual([]);
    expect(b.system.memory.page(Number(mm.pfnAt(b.buffer, 0)))).toMatchObject({ refcount: 1, mapcount: 0 });
  });

  test('S6.4 close(fd) flushes now and releases after the last munmap', () => {
    const calls: string[] = [];
    const system = bench(() => 0).system;
    const process = system.createProcess();
    const file = system.openFile({
      name: '/dev/test',
      ops: { table: 'fops', mmap: () => 0, flush: () => calls.push('flush'), release: () => calls.push('release') },
      read: true,
      write: true,
    });
    const a = mapped(map({ system, process, file }, 2));
    mm.munmap(process, a, page);
    expect(brief(mm.close(system, process, file))).toBe('ok');
    expect(calls).toEqual(['flush']);
    expect(brief(mm.close(system, process, file))).toBe('EBADF');
    mm.munmap(process, a + page, page);
    expect(calls).toEqual(['flush', 'release']);
  });

  test('S6.5 freeing memory that is mapped by pfn is a use after free; counted pages live on', () => {
    const b = bufferBench();
    const a = mapped(map(b, 4));
    mm.freeAllocation(b.system, b.buffer, 'free_pages');
    expect(b.system.takeProblems().map((problem) => problem.kind)).toContain('freed-while-mapped');
    expect(problems(mm.access(b.process, a + page, 'write'))).toEqual(['use-after-free']);
    const counted = bench((vma) => mm.vm_insert_page(vma, vma.vm_start, pfn));
    const own = mm.alloc_pages(counted.system, { order: 0, label: 'own', zero: true });
    const pfn = mm.pfnAt(own, 0) ?? 0n;
    const c = mapped(map(counted, 1));
    mm.freeAllocation(counted.system, own, '__free_page');
    expect(problems(mm.access(counted.process, c, 'write'))).toEqual([]);
    expect(counted.system.memory.page(Number(pfn))).toMatchObject({ use: 'allocated', refcount: 1 });
    counted.system.log.drain();
    mm.munmap(counted.process, c, page);
    expect(counted.system.log.drain()).toContainEqual(expect.objectContaining({ kind: 'page-freed', driverHeld: false }));
  });

  test('S6.6 exit closes in ascending order of address', () => {
    const closed: bigint[] = [];
    const b = bufferBench({ table: 'ops', close: (vma) => closed.push(vma.vm_start) });
    const addresses = [mapped(map(b, 1)), mapped(map(b, 1)), mapped(map(b, 1))];
    expect(problems(mm.exit(b.process))).toEqual([]);
    expect(closed).toEqual([...addresses].reverse());
    expect(b.system.processes).toEqual([]);
  });

  test('S6.8 after unmap_mapping_range a vma without a fault handler gives SIGBUS, in every process', () => {
    const b = bufferBench();
    const a = mapped(map(b, 4));
    const { child } = mm.fork(b.process);
    mm.unmap_mapping_range(b.file.mapping, page, page, true);
    expect([0n, 1n, 2n].map((index) => brief(mm.access(b.process, a + index * page, 'read')))).toEqual(['ok', 'SIGBUS', 'ok']);
    expect(child && brief(mm.access(child, a + page, 'read'))).toBe('SIGBUS');
    mm.unmap_mapping_range(b.file.mapping, 0n, 0n, true);
    expect([b.process.table.pages, child?.table.pages]).toEqual([0, 0]);
  });

  test('even_cows 0 keeps private copies', () => {
    const b = bufferBench();
    const a = mapped(map(b, 4, mm.PROT_READ | mm.PROT_WRITE, mm.MAP_PRIVATE));
    mm.access(b.process, a, 'write');
    const pgoff = vmaAt(b, a).vm_pgoff << mm.PAGE_SHIFT;
    mm.unmap_mapping_range(b.file.mapping, pgoff, 0n, false);
    expect(b.process.table.pages).toBe(1);
    mm.unmap_mapping_range(b.file.mapping, pgoff, 0n, true);
    expect([b.process.table.pages, b.process.rss.anonymous]).toEqual([0, 0]);
  });

  test('S6.9 zap_vma_ptes does nothing without VM_PFNMAP; zap_special_vma_range also takes mixed vmas', () => {
    const b = bench((vma) => mm.vm_insert_page(vma, vma.vm_start, pfn));
    const pfn = mm.pfnAt(mm.alloc_pages(b.system, { order: 0, label: 'buffer' }), 0) ?? 0n;
    const vma = vmaAt(b, mapped(map(b, 1)));
    mm.zap_vma_ptes(vma, vma.vm_start, page);
    expect(b.process.table.pages).toBe(1);
    mm.zap_special_vma_range(vma, vma.vm_start, page);
    expect(b.process.table.pages).toBe(0);
    const raw = bufferBench();
    const other = vmaAt(raw, mapped(map(raw, 4)));
    mm.zap_vma_ptes(other, other.vm_start, 5n * page);
    mm.zap_vma_ptes(other, other.vm_start, page);
    expect(raw.process.table.pages).toBe(3);
  });
});

describe('S11 splitting', () => {
  test('S11.1 may_split can refuse munmap and mprotect of a part, not of the whole', () => {
    const b = bufferBench({ table: 'ops', may_split: () => -mm.errno.EINVAL });
    const a = mapped(map(b, 4));
    expect(brief(mm.munmap(b.process, a + page, page))).toBe('EINVAL');
    expect(brief(mm.mprotect(b.process, a, page, mm.PROT_READ))).toBe('EINVAL');
    expect(brief(mm.madvise(b.process, a, page, 'DONTFORK'))).toBe('EINVAL');
    expect(brief(mm.mprotect(b.process, a, 4n * page, mm.PROT_READ))).toBe('ok');
    expect(brief(mm.munmap(b.process, a, 4n * page))).toBe('ok');
  });

  test('S11.2 and S11.3 the pieces share everything; the offset and the file count follow', () => {
    const opened: unknown[] = [];
    const b = bufferBench({ table: 'ops', open: (vma) => opened.push(vma.vm_private_data) });
    const a = mapped(map(b, 4));
    vmaAt(b, a).vm_private_data = 'shared';
    mm.munmap(b.process, a + page, page);
    expect(b.process.vmas.map((vma) => [vma.vm_start - a, vma.vm_pgoff, vma.vm_private_data])).toEqual([
      [0n, 0n, 'shared'],
      [2n * page, 2n, 'shared'],
    ]);
    expect([opened, b.file.references]).toEqual([['shared', 'shared'], 3]);
  });

  test('S11.4 the pieces of a COW remap keep naming their pfns', () => {
    const b = bufferBench();
    const a = mapped(map(b, 4, mm.PROT_READ, mm.MAP_PRIVATE));
    mm.munmap(b.process, a + page, page);
    const first = mm.pfnAt(b.buffer, 0) ?? 0n;
    expect(b.process.vmas.map((vma) => vma.vm_pgoff)).toEqual([first, first + 2n]);
  });

  test('a munmap over several mappings splits the ends only', () => {
    let splits = 0;
    const b = bufferBench({ table: 'ops', may_split: () => noting(++splits, 0) });
    const c = mapped(map(b, 2));
    mapped(map(b, 2));
    const a = mapped(map(b, 2));
    expect(brief(mm.munmap(b.process, a + page, c + page - (a + page)))).toBe('ok');
    expect([splits, b.process.vmas.length]).toEqual([2, 2]);
  });
});
