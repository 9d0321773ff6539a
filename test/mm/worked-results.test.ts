/** The worked results of section 14 of the semantics, on 6.12. */
import { describe, expect, test } from 'vitest';
import * as mm from '../../server/src/mm/index.ts';
import { bench, brief, map, mapped, page, problems, rw, vmaAt } from './bench.ts';

describe('worked results', () => {
  test('S14.1 a remap of 2 pages in a vma of 4 leaves SIGBUS behind them', () => {
    const b = bench((vma) => mm.remap_pfn_range(vma, vma.vm_start, bar, 2n * page, vma.vm_page_prot));
    const bar = mm.pfnAt(mm.addDeviceRegion(b.system, { bytes: 2n * page, label: 'bar' }), 0) ?? 0n;
    const a = mapped(map(b, 4));
    expect([0n, 1n, 2n, 3n].map((index) => brief(mm.access(b.process, a + index * page, 'read')))).toEqual([
      'ok',
      'ok',
      'SIGBUS',
      'SIGBUS',
    ]);
  });

  test('S14.2 a private read-only remap is copied on the first write, and vm_pgoff is the pfn', () => {
    const b = bench((vma) => mm.remap_pfn_range(vma, vma.vm_start, bar, mm.vmaSize(vma), vma.vm_page_prot));
    const region = mm.addDeviceRegion(b.system, { bytes: 2n * page, label: 'bar' });
    const bar = mm.pfnAt(region, 0) ?? 0n;
    const a = mapped(map(b, 2, mm.PROT_READ, mm.MAP_PRIVATE));
    expect(vmaAt(b, a).vm_pgoff).toBe(bar);
    expect(brief(mm.mprotect(b.process, a, 2n * page, rw))).toBe('ok');
    const written = mm.access(b.process, a, 'write', { bytes: Uint8Array.of(1, 2, 3) });
    expect(brief(written)).toBe('ok');
    expect(written.reached?.memory).toBe('anonymous');
    expect(b.system.memory.read(Number(bar), 0, 1).bytes[0]).toBe(0xdd);
    expect(b.process.rss).toEqual({ file: 0, anonymous: 1, shmem: 0 });
    expect([...(mm.access(b.process, a, 'read', { length: 4 }).reached?.bytes ?? [])]).toEqual([1, 2, 3, 0xdd]);
  });

  test('S14.3 vmf_insert_pfn BUGs in a private mapping, but not when VM_MAYWRITE is gone', () => {
    const results = [0n, mm.VM_MAYWRITE].map((cleared) => {
      const ops: mm.VmOps = { table: 'ops', fault: (vmf) => mm.vmf_insert_pfn(vmf.vma, vmf.address, bar) };
      const b = bench((vma) => {
        mm.vm_flags_mod(vma, mm.VM_PFNMAP, cleared);
        vma.vm_ops = ops;
        return 0;
      });
      const bar = mm.pfnAt(mm.addDeviceRegion(b.system, { bytes: page, label: 'bar' }), 0) ?? 0n;
      const a = mapped(map(b, 1, mm.PROT_READ, mm.MAP_PRIVATE));
      return brief(mm.access(b.process, a, 'read'));
    });
    expect(results).toEqual(['bug', 'ok']);
  });

  test('S14.4 counts of an inserted page through fork, exit, munmap and free', () => {
    const b = bench((vma) => mm.vm_insert_page(vma, vma.vm_start, pfn));
    const allocation = mm.alloc_pages(b.system, { order: 0, label: 'buffer', zero: true });
    const pfn = mm.pfnAt(allocation, 0) ?? 0n;
    const counts = (): [number, number] => {
      const state = b.system.memory.page(Number(pfn));
      return [state?.refcount ?? -1, state?.mapcount ?? -1];
    };
    const a = mapped(map(b, 1));
    expect(counts()).toEqual([2, 1]);
    const { child } = mm.fork(b.process);
    expect(counts()).toEqual([3, 2]);
    if (child) mm.exit(child);
    expect(counts()).toEqual([2, 1]);
    expect(problems(mm.munmap(b.process, a, page))).toEqual([]);
    expect(counts()).toEqual([1, 0]);
    mm.freeAllocation(b.system, allocation, '__free_page');
    expect(b.system.memory.page(Number(pfn))?.use).toBe('free');
  });

  test('S14.5 a fault handler without get_page loses the page at munmap', () => {
    const ops: mm.VmOps = {
      table: 'ops',
      fault: (vmf) => {
        vmf.page = pfn;
        return 0;
      },
    };
    const b = bench((vma) => {
      vma.vm_ops = ops;
      return 0;
    });
    const pfn = mm.pfnAt(mm.alloc_pages(b.system, { order: 0, label: 'buffer', zero: true }), 0) ?? 0n;
    const a = mapped(map(b, 1));
    mm.access(b.process, a, 'read');
    expect(b.system.memory.page(Number(pfn))).toMatchObject({ refcount: 1, mapcount: 1 });
    b.system.log.drain();
    mm.munmap(b.process, a, page);
    expect(b.system.memory.page(Number(pfn))).toMatchObject({ use: 'free', refcount: 0 });
    expect(b.system.log.drain()).toContainEqual({ kind: 'page-freed', pfn, pages: 1, by: 'unmap_vmas', driverHeld: true });
    const again = mapped(map(b, 1));
    expect(problems(mm.access(b.process, again, 'read'))).toContain('use-after-free');
  });

  test('S14.6 a private write fault gives the reference of the handler back and maps a copy', () => {
    const ops: mm.VmOps = {
      table: 'ops',
      fault: (vmf) => {
        mm.get_page(b.system, pfn);
        vmf.page = pfn;
        return 0;
      },
    };
    const b = bench((vma) => {
      vma.vm_ops = ops;
      return 0;
    });
    const pfn = mm.pfnAt(mm.alloc_pages(b.system, { order: 0, label: 'buffer', zero: true }), 0) ?? 0n;
    const a = mapped(map(b, 1, rw, mm.MAP_PRIVATE));
    const result = mm.access(b.process, a, 'write');
    expect(result.reached?.memory).toBe('anonymous');
    expect(b.system.memory.page(Number(pfn))).toMatchObject({ refcount: 1, mapcount: 0 });
  });

  test('S14.7 a shared mapping of a file opened for reading is not COW', () => {
    const ops: mm.VmOps = { table: 'ops', fault: (vmf) => mm.vmf_insert_pfn(vmf.vma, vmf.address, bar) };
    const b = bench(
      (vma) => {
        mm.vm_flags_set(vma, mm.VM_PFNMAP);
        vma.vm_ops = ops;
        return 0;
      },
      { write: false },
    );
    const bar = mm.pfnAt(mm.addDeviceRegion(b.system, { bytes: page, label: 'bar' }), 0) ?? 0n;
    const a = mapped(map(b, 1, mm.PROT_READ, mm.MAP_SHARED));
    const flags = vmaAt(b, a).vm_flags;
    expect(flags & (mm.VM_SHARED | mm.VM_MAYSHARE | mm.VM_MAYWRITE)).toBe(mm.VM_MAYSHARE);
    expect(mm.isCowMapping(flags)).toBe(false);
    expect(brief(mm.mprotect(b.process, a, page, rw))).toBe('EACCES');
    expect(brief(mm.access(b.process, a, 'read'))).toBe('ok');
  });

  test('S14.8 munmap of the middle page of 3: open twice, close once', () => {
    let count = 0;
    const seen: number[] = [];
    const ops: mm.VmOps = { table: 'ops', open: () => seen.push(++count), close: () => seen.push(--count) };
    const b = bench((vma) => {
      vma.vm_ops = ops;
      ops.open?.(vma);
      mm.vm_flags_set(vma, mm.VM_DONTEXPAND);
      return 0;
    });
    const a = mapped(map(b, 3));
    mm.munmap(b.process, a + page, page);
    expect(seen).toEqual([1, 2, 3, 2]);
    expect(b.process.vmas.map((vma) => [vma.vm_start - a, vma.vm_pgoff])).toEqual([
      [0n, 0n],
      [2n * page, 2n],
    ]);
  });
});
