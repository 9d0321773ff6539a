/** Private pages when somebody pins, locks or moves them, and page locks that nobody holds. */
import { describe, expect, test } from 'vitest';
import * as mm from '../../server/src/mm/index.ts';
import { type Bench, bench, brief, map, mapped, page, rw, vmaAt } from './bench.ts';

/** A driver whose fault handler gives the same page each time, with `result` beside it. */
function faultBench(version: string, result = 0): Bench & { readonly pfn: number } {
  const b = bench(
    (vma) => {
      vma.vm_ops = {
        table: 'ops',
        fault: (vmf) => {
          mm.get_page(b.system, BigInt(pfn));
          vmf.page = BigInt(pfn);
          return result;
        },
      };
      return 0;
    },
    { version },
  );
  const pfn = Number(mm.pfnAt(mm.alloc_pages(b.system, { order: 0, label: 'buffer', zero: true }), 0));
  return { ...b, pfn };
}

/** A private remapped region whose first page was written. */
function copied(version: string): { readonly b: Bench; readonly address: bigint } {
  const b = bench((vma) => mm.remap_pfn_range(vma, vma.vm_start, 0x81000n, mm.vmaSize(vma), vma.vm_page_prot), { version });
  mm.addDeviceRegion(b.system, { bytes: 8n * page, label: 'bar', physical: 0x8100_0000n });
  const address = mapped(map(b, 2, rw, mm.MAP_PRIVATE));
  mm.access(b.process, address, 'write');
  return { b, address };
}

describe('get_user_pages_fast', () => {
  test('S10.4 looks at entries alone: it gets a private copy in a VM_PFNMAP vma, which the slow walk refuses', () => {
    const { b, address } = copied('6.12');
    expect(brief(mm.get_user_pages(b.process, address, 1, { write: true, fast: true }))).toBe('ok');
    expect(brief(mm.get_user_pages(b.process, address, 1, { write: true }))).toBe('EFAULT');
    expect(brief(mm.get_user_pages(b.process, address + page, 1, { fast: true }))).toBe('EFAULT');
    expect(mm.get_user_pages(b.process, address, 2, { fast: true }).pfns).toHaveLength(1);
  });

  test.each([
    ['6.9', 'ok'],
    ['6.10', 'EFAULT'],
  ])('S10.4 on %s gives for a page of no file in a VM_IO vma: %s', (version, answer) => {
    const b = faultBench(version);
    const address = mapped(map(b, 1));
    mm.access(b.process, address, 'write');
    mm.vm_flags_set(vmaAt(b, address), mm.VM_IO);
    expect(brief(mm.get_user_pages(b.process, address, 1, { fast: true }))).toBe(answer);
  });

  test.each([
    ['5.18', 2],
    ['5.19', 1],
  ])('S10.4 on %s a pin for reading leaves a page that a child shares with %i mappings', (version, mapcount) => {
    const b = faultBench(version);
    const address = mapped(map(b, 1, rw, mm.MAP_PRIVATE));
    mm.access(b.process, address, 'write');
    const shared = b.process.table.get(mm.pageOf(address))?.pfn ?? 0;
    mm.fork(b.process);
    expect(b.system.memory.page(shared)?.mapcount).toBe(2);
    expect(brief(mm.get_user_pages(b.process, address, 1, { pin: true }))).toBe('ok');
    expect(b.system.memory.page(shared)?.mapcount).toBe(mapcount);
  });
});

describe('MADV_POPULATE_READ', () => {
  test('S10.2 tells of poisoned memory by an error of its own, and MAP_POPULATE goes on without a word', () => {
    const b = faultBench('6.12', mm.VM_FAULT_HWPOISON);
    const address = mapped(map(b, 1, rw, mm.MAP_SHARED | mm.MAP_POPULATE));
    expect(brief(mm.madvise(b.process, address, page, 'POPULATE_READ'))).toBe('EHWPOISON');
  });
});

describe('page locks', () => {
  test.each([
    ['6.6', false],
    ['6.7', true],
  ])('S4.7 on %s VM_FAULT_LOCKED with a page that is not locked leaves it locked: %s', (version, isLocked) => {
    const b = faultBench(version, 0x200);
    expect(brief(mm.access(b.process, mapped(map(b, 1)), 'read'))).toBe('ok');
    expect(b.system.memory.page(b.pfn)?.locked).toBe(isLocked);
  });
});

describe('mlock', () => {
  test('S10.1 a private copy in a locked mapping keeps the page of the driver until the list is drained', () => {
    const b = faultBench('6.12');
    const address = mapped(map(b, 1, rw, mm.MAP_PRIVATE));
    mm.access(b.process, address, 'read');
    mm.mlock(b.process, address, page, true);
    mm.access(b.process, address, 'write');
    expect(b.system.memory.page(b.pfn)).toMatchObject({ refcount: 2, mapcount: 0 });
    mm.munlock(b.process, address, page);
    expect(b.system.memory.page(b.pfn)).toMatchObject({ refcount: 1, mapcount: 0 });
  });
});

describe('mremap', () => {
  test.each([
    ['5.18', true],
    ['6.1', false],
  ])('S8.5 on %s what MREMAP_DONTUNMAP leaves counts as having private pages: %s', (version, hasPrivate) => {
    const b = faultBench(version);
    const address = mapped(map(b, 1, rw, mm.MAP_PRIVATE));
    mm.access(b.process, address, 'write');
    const flags = mm.MREMAP_MAYMOVE | mm.MREMAP_DONTUNMAP;
    expect(brief(mm.mremap(b.process, { address, oldLength: page, newLength: page, flags }))).toBe('ok');
    expect(vmaAt(b, address).anon_vma !== undefined).toBe(hasPrivate);
  });
});
