/** Physical memory: allocators, counts, contents, and what goes wrong when memory is freed. */
import { describe, expect, test } from 'vitest';
import * as mm from '../../server/src/mm/index.ts';
import { bench, map, mapped, page, problems } from './bench.ts';

const kinds = (system: mm.System): string[] => system.takeProblems().map((problem) => problem.kind);
const counts = (system: mm.System, allocation: mm.Allocation): (number | undefined)[] =>
  Array.from({ length: allocation.pages }, (_none, index) => system.memory.page(Number(mm.pfnAt(allocation, index)))?.refcount);

describe('allocators', () => {
  test('the counts of fresh pages', () => {
    const { system } = bench(() => 0);
    const block = mm.alloc_pages(system, { order: 1, label: 'block' });
    expect(counts(system, block)).toEqual([1, 0]);
    mm.split_page(system, block);
    expect(counts(system, block)).toEqual([1, 1]);
    expect(counts(system, mm.alloc_pages_exact(system, { bytes: 3n * page, label: 'exact' }))).toEqual([1, 1, 1]);
    expect(counts(system, mm.vmalloc(system, { bytes: 2n * page, label: 'area' }))).toEqual([1, 1]);
    expect(system.memory.page(Number(mm.pfnAt(mm.addReservedRegion(system, { bytes: page, label: 'carveout' }), 0)))?.reserved).toBe(true);
  });

  test('the pages of a vmalloc area are not contiguous, however large it is, and cost few runs', () => {
    const { system } = bench(() => 0);
    const area = mm.vmalloc(system, { bytes: 1n << 30n, label: 'area' });
    expect(area.pages).toBe(262_144);
    expect(area.runs.length).toBeLessThan(32);
    expect(mm.pfnAt(area, 1)).not.toBe((mm.pfnAt(area, 0) ?? 0n) + 1n);
    expect(mm.pfnAt(area, 262_144)).toBeUndefined();
  });

  test('device memory has no struct page, RAM has', () => {
    const { system } = bench(() => 0);
    const bar = mm.addDeviceRegion(system, { bytes: page, label: 'bar' });
    expect(system.memory.pfnValid(mm.pfnAt(bar, 0) ?? 0n)).toBe(false);
    expect(system.memory.pfnValid(mm.pfnAt(mm.kmalloc(system, { bytes: 16n, label: 'object' }), 0) ?? 0n)).toBe(true);
    expect(system.memory.pfnValid((1n << 64n) - 1n)).toBe(false);
  });

  test('a device region at a physical address that is not page aligned', () => {
    const { system } = bench(() => 0);
    const bar = mm.addDeviceRegion(system, { bytes: page, label: 'bar', physical: 0x8100_0010n });
    expect([bar.pages, bar.offset, mm.pfnAt(bar, 0)]).toEqual([2, 0x10, 0x81000n]);
  });
});

describe('freeing', () => {
  test('a page of its own beside one that is free already', () => {
    const { system } = bench(() => 0);
    const pages = Array.from({ length: 80 }, () => mm.alloc_pages(system, { order: 0, label: 'ring' }));
    const beside = pages.findIndex((each, index) => (mm.pfnAt(each, 0) ?? 0n) + 1n === mm.pfnAt(pages[index + 1] ?? each, 0));
    const [first, second] = [pages[beside], pages[beside + 1]];
    if (!first || !second) throw new Error('no two pages of 80 lie beside each other');
    mm.freeAllocation(system, second, 'free_page');
    mm.freeAllocation(system, first, 'free_page');
    expect(kinds(system)).toEqual([]);
    mm.freeAllocation(system, first, 'free_page');
    expect(kinds(system)).toEqual(['bad-page-state']);
  });

  test('twice', () => {
    const { system } = bench(() => 0);
    const block = mm.alloc_pages(system, { order: 0, label: 'block' });
    mm.freeAllocation(system, block, '__free_page');
    expect(kinds(system)).toEqual([]);
    mm.freeAllocation(system, block, '__free_page');
    expect(kinds(system)).toEqual(['bad-page-state']);
  });

  test('put_page too often is an underflow', () => {
    const { system } = bench(() => 0);
    const pfn = mm.pfnAt(mm.alloc_pages(system, { order: 0, label: 'page' }), 0) ?? 0n;
    mm.put_page(system, pfn);
    mm.put_page(system, pfn);
    expect(kinds(system)).toEqual(['refcount-underflow']);
    mm.get_page(system, pfn);
    expect(kinds(system)).toEqual(['use-after-free']);
  });

  test.each([
    // The flags are cleared when the page is freed, and it is looked at later: then the pointer to the cache is still there.
    ['6.1', 'page dumped because: non-NULL mapping'],
    // Nothing asks the allocator to look.
    ['6.12', undefined],
  ])('a slab page that loses its last reference at munmap is a bad page state of %s', (version, line) => {
    const b = bench(
      (vma) => {
        vma.vm_ops = {
          table: 'ops',
          fault: (vmf) => {
            vmf.page = pfn;
            return 0;
          },
        };
        return 0;
      },
      { version },
    );
    const pfn = mm.pfnAt(mm.kmalloc(b.system, { bytes: page, label: 'object', zero: true }), 0) ?? 0n;
    const a = mapped(map(b, 1));
    expect(problems(mm.access(b.process, a, 'read'))).toEqual([]);
    const unmapped = mm.munmap(b.process, a, page);
    expect(unmapped.problems[0]?.kind).toBe('bad-page-state');
    expect(unmapped.problems[0]?.kernelLog?.split('\n')[1]).toBe(line);
  });

  test('tails of a block that is neither compound nor split go while somebody uses them', () => {
    const b = bench((vma) => {
      mm.get_page(b.system, second);
      return mm.vm_insert_page(vma, vma.vm_start, second);
    });
    const block = mm.alloc_pages(b.system, { order: 1, label: 'block' });
    const second = mm.pfnAt(block, 1) ?? 0n;
    mapped(map(b, 1));
    kinds(b.system);
    mm.freeAllocation(b.system, block, '__free_pages');
    expect(kinds(b.system)).toContain('bad-page-state');
  });

  test('a compound block lives until its last page is unmapped', () => {
    const b = bench((vma) => mm.vm_insert_page(vma, vma.vm_start, second));
    const block = mm.alloc_pages(b.system, { order: 1, label: 'block', compound: true });
    const second = mm.pfnAt(block, 1) ?? 0n;
    const a = mapped(map(b, 1));
    expect([mm.referenceCount(b.system, Number(second)), b.system.memory.page(Number(second))?.mapcount]).toEqual([2, 1]);
    mm.freeAllocation(b.system, block, '__free_pages');
    expect(b.system.memory.page(Number(second))?.use).toBe('allocated');
    mm.munmap(b.process, a, page);
    expect(b.system.memory.page(Number(second))?.use).toBe('free');
    expect(kinds(b.system)).toEqual([]);
  });
});

describe('contents', () => {
  test('uninitialised memory that reaches user space is reported, zeroed memory is not', () => {
    const read = (zero: boolean, initOnAlloc = false): readonly string[] => {
      const b = bench((vma) => mm.vm_insert_page(vma, vma.vm_start, pfn));
      const system = initOnAlloc ? new mm.System(b.system.version, { initOnAlloc }) : b.system;
      const c = initOnAlloc ? { ...b, system, process: system.createProcess() } : b;
      const pfn = mm.pfnAt(mm.alloc_pages(system, { order: 0, label: 'buffer', zero }), 0) ?? 0n;
      return problems(mm.access(c.process, mapped(map(c, 1)), 'read'));
    };
    expect([read(false), read(true), read(false, true)]).toEqual([['uninitialised-memory'], [], []]);
  });

  test('a write through one mapping is read through another', () => {
    const b = bench((vma) => mm.vm_insert_page(vma, vma.vm_start, pfn));
    const pfn = mm.pfnAt(mm.alloc_pages(b.system, { order: 0, label: 'buffer', zero: true }), 0) ?? 0n;
    const first = mapped(map(b, 1));
    const second = mapped(map(b, 1));
    mm.access(b.process, first + 5n, 'write', { bytes: Uint8Array.of(9, 8) });
    expect([...(mm.access(b.process, second + 4n, 'read', { length: 4 }).reached?.bytes ?? [])]).toEqual([0, 9, 8, 0]);
  });
});
