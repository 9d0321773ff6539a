/** The smaller calls of drivers: locks, page marks, ioremap, look-ups, vma fields; and how problems are reported. */
import { describe, expect, test } from 'vitest';
import * as mm from '../../server/src/mm/index.ts';
import { bench, brief, machine, map, mapped, page, problems, rw, vmaAt } from './bench.ts';

describe('the mmap lock', () => {
  const kinds = (system: mm.System): string[] => system.takeProblems().map((problem) => problem.kind);

  test('nests for reading, and unlocking what is not held is reported', () => {
    const { system, process } = bench(() => 0);
    mm.mmap_read_lock(process);
    mm.mmap_read_lock(process);
    mm.mmap_read_unlock(process);
    expect(process.mmapLock).toBe('read');
    expect(mm.mmap_write_trylock(process)).toBe(false);
    mm.mmap_read_unlock(process);
    expect([process.mmapLock, mm.mmap_read_trylock(process)]).toEqual(['none', true]);
    mm.mmap_read_unlock(process);
    mm.mmap_read_unlock(process);
    mm.mmap_write_unlock(process);
    expect(kinds(system)).toEqual(['lock-not-held', 'lock-not-held']);
  });

  test('taking it in a handler that runs under it is a deadlock', () => {
    const b = bench(() => {
      mm.mmap_read_lock(b.process);
      return 0;
    });
    expect(brief(map(b, 1))).toBe('deadlock');
    const reading = bench((vma) => {
      vma.vm_ops = {
        table: 'ops',
        fault: (vmf) => {
          mm.mmap_write_lock(vmf.vma.vm_mm);
          return 0;
        },
      };
      return 0;
    });
    expect(brief(mm.access(reading.process, mapped(map(reading, 1)), 'read'))).toBe('deadlock');
  });

  test('a downgrade leaves it held for reading', () => {
    const { process } = bench(() => 0);
    mm.mmap_write_lock(process);
    mm.mmap_write_downgrade(process);
    expect(process.mmapLock).toBe('read');
  });
});

describe('pages', () => {
  test('a page that is freed while it is marked reserved is a bad page', () => {
    const system = machine();
    const own = mm.alloc_pages(system, { order: 0, label: 'buffer' });
    mm.SetPageReserved(system, mm.pfnAt(own, 0) ?? 0n);
    mm.freeAllocation(system, own, 'free_page');
    expect(system.takeProblems().map((problem) => problem.kind)).toEqual(['bad-page-state']);
    const other = mm.alloc_pages(system, { order: 0, label: 'other' });
    mm.SetPageReserved(system, mm.pfnAt(other, 0) ?? 0n);
    mm.ClearPageReserved(system, mm.pfnAt(other, 0) ?? 0n);
    mm.freeAllocation(system, other, 'free_page');
    expect(system.takeProblems()).toEqual([]);
  });

  test('ioremap refuses RAM and decides the cache type of device memory', () => {
    const b = bench((vma) => mm.remap_pfn_range(vma, vma.vm_start, 0x81000n, page, mm.pgprot_noncached(vma.vm_page_prot)));
    expect(mm.ioremap(b.system, 0x4000_0000n, page)).toBe(false);
    expect(b.system.takeProblems().map((problem) => problem.kind)).toEqual(['warning']);
    const bar = mm.addDeviceRegion(b.system, { bytes: page, label: 'bar', physical: 0x8100_0000n });
    expect(mm.ioremap(b.system, bar.address, page, 'write-combining')).toBe(true);
    const a = mapped(map(b, 1));
    expect(mm.cacheTypeOf(b.process.table.get(mm.pageOf(a))?.prot ?? 0n)).toBe('write-combining');
    mm.munmap(b.process, a, page);
    mm.iounmap(b.system, bar.address, page);
    expect(mm.cacheTypeOf(b.process.table.get(mm.pageOf(mapped(map(b, 1))))?.prot ?? 0n)).toBe('uncached-minus');
  });

  test('an allocation beyond the RAM of the machine still has struct pages', () => {
    const system = machine();
    const huge = mm.vmalloc(system, { bytes: 1n << 40n, label: 'huge' });
    expect(huge.pages).toBe(1 << 28);
    expect(system.memory.pfnValid(mm.pfnAt(huge, huge.pages - 1) ?? 0n)).toBe(true);
  });
});

describe('vma fields', () => {
  test('assignments show as events, and only when something changed', () => {
    const b = bench(() => 0);
    const vma = vmaAt(b, mapped(map(b, 1)));
    b.system.log.drain();
    mm.assignVmaField(vma, 'vm_flags', vma.vm_flags | mm.VM_IO);
    mm.assignVmaField(vma, 'vm_flags', vma.vm_flags | mm.VM_IO);
    mm.assignVmaField(vma, 'vm_private_data', 1);
    mm.vma_set_anonymous(vma);
    expect(b.system.log.drain().map((event) => event.kind)).toEqual(['flags-changed', 'vma-changed']);
    expect(mm.vma_is_anonymous(vma)).toBe(true);
  });

  test('vma_set_file moves the reference', () => {
    const b = bench((vma) => {
      mm.vma_set_file(vma, other);
      return 0;
    });
    const other = b.system.openFile({ name: '/dev/other', ops: b.file.ops, read: true, write: true });
    const a = mapped(map(b, 1));
    expect([b.file.references, other.references, other.mapping.vmas.size]).toEqual([1, 2, 1]);
    mm.munmap(b.process, a, page);
    expect(other.references).toBe(1);
  });

  test('find_vma may give a vma above the address, vma_lookup does not', () => {
    const b = bench(() => 0);
    const a = mapped(map(b, 1, rw, mm.MAP_SHARED, { address: 0x1000_0000n }));
    mm.withMmapLock(b.process, 'read', () => {
      expect(mm.find_vma(b.process, a - page)?.vm_start).toBe(a);
      expect(mm.vma_lookup(b.process, a - page)).toBeUndefined();
      expect(mm.find_vma_intersection(b.process, a - page, a)).toBeUndefined();
      expect(mm.find_vma(b.process, a + page)).toBeUndefined();
    });
  });
});

describe('problems', () => {
  test('the same problem over neighbouring pages is one', () => {
    const b = bench((vma) => {
      for (let index = 0n; index < 3n; index++)
        mm.remap_pfn_range(vma, vma.vm_start + index * page, 0x200000n + index, page, vma.vm_page_prot);
      return 0;
    });
    const result = map(b, 3);
    expect(result.problems.map((problem) => [problem.kind, problem.pages])).toEqual([['foreign-memory', 3]]);
  });

  test('a range that was never initialised is reported once', () => {
    const b = bench((vma) => mm.vm_map_pages(vma, pfns));
    const buffer = mm.alloc_pages_exact(b.system, { bytes: 3n * page, label: 'buffer' });
    const pfns = [0, 1, 2].map((index) => mm.pfnAt(buffer, index) ?? 0n);
    expect(problems(mm.accessRange(b.process, mapped(map(b, 3)), 3n * page, 'read'))).toEqual(['uninitialised-memory']);
  });
});

describe('snapshot', () => {
  test('shows processes, entries and pages as plain data', () => {
    const b = bench((vma) => mm.vm_insert_page(vma, vma.vm_start, pfn));
    const pfn = mm.pfnAt(mm.alloc_pages(b.system, { order: 0, label: 'buffer' }), 0) ?? 0n;
    const a = mapped(map(b, 2));
    const seen = mm.snapshot(b.system);
    expect(seen.processes[0]).toMatchObject({
      vmas: [{ start: a, end: a + 2n * page, rss: 1 }],
      ptes: [{ start: a, pfn, special: false }],
    });
    expect(seen.pages).toEqual([
      { pfn, pages: 1, use: 'allocated', label: 'buffer', kind: 'pages', freed: false, refcount: 2, mapcount: 1 },
    ]);
    expect(seen.files).toEqual([{ id: b.file.id, name: '/dev/test', references: 2, released: false }]);
    expect(structuredClone(seen)).toEqual(seen);
  });
});
