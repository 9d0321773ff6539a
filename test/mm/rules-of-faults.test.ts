/** Rules about faults and entries that differ by version, or that only code of a driver's own can meet. */
import { describe, expect, test } from 'vitest';
import * as mm from '../../server/src/mm/index.ts';
import { type Bench, bench, brief, map, mapped, noting, page, problems, rw, vmaAt } from './bench.ts';

const bar = 0x8100_0000n;
const barPfn = bar >> mm.PAGE_SHIFT;

function barBench(handler: (vma: mm.Vma) => number, version = '6.12'): Bench {
  const b = bench(handler, { version });
  mm.addDeviceRegion(b.system, { bytes: 8n * page, label: 'bar', physical: bar });
  return b;
}

function freshPage(b: Bench): bigint {
  return mm.pfnAt(mm.alloc_pages(b.system, { order: 0, label: 'buffer', zero: true }), 0) ?? 0n;
}

/** What reads of the pages of a mapping give, after the first was remapped and the rest left out. */
function holes(version: string, flags: number): string {
  const b = barBench((vma) => mm.remap_pfn_range(vma, vma.vm_start, barPfn, page, vma.vm_page_prot), version);
  const a = mapped(map(b, 2, mm.PROT_READ, flags, flags === mm.MAP_PRIVATE ? { prot: mm.PROT_READ, length: 2n * page } : {}));
  return brief(mm.access(b.process, a + page, 'read'));
}

describe('S1 vocabulary', () => {
  test('S1.3 a counted page is normal, a remapped one and the page of zeros are special', () => {
    const b = barBench((vma) =>
      vma.vm_pgoff === 0n
        ? mm.vm_insert_page(vma, vma.vm_start, pfn)
        : mm.remap_pfn_range(vma, vma.vm_start, barPfn, page, vma.vm_page_prot),
    );
    const pfn = freshPage(b);
    const anonymous = mapped(mm.mmap(b.process, { length: page, prot: rw, flags: mm.MAP_PRIVATE | mm.MAP_ANONYMOUS }));
    mm.access(b.process, anonymous, 'read');
    const addresses = [mapped(map(b, 1)), mapped(map(b, 1, rw, mm.MAP_SHARED, { offset: page })), anonymous];
    const normal = addresses.map((address) => {
      const [run] = b.process.table.slice(mm.pageOf(address), mm.pageOf(address) + 1);
      return run && mm.isNormalRun(vmaAt(b, address), run);
    });
    expect([normal, b.system.takeProblems()]).toEqual([[true, false, false], []]);
  });

  test.each([
    ['VM_IO', mm.VM_IO],
    ['VM_DONTEXPAND', mm.VM_DONTEXPAND],
    ['VM_PFNMAP', mm.VM_PFNMAP],
    ['VM_MIXEDMAP', mm.VM_MIXEDMAP],
  ])('S1.4 %s makes a vma special: not merged, not locked', (_name, flag) => {
    const b = bench((vma) => noting(mm.vm_flags_set(vma, flag), 0));
    const last = mapped(map(b, 1, rw, mm.MAP_SHARED, { offset: page }));
    const first = mapped(map(b, 1));
    expect([first + page, mm.isSpecial(vmaAt(b, first)), b.process.vmas.length]).toEqual([last, true, 2]);
    mm.mlock(b.process, first, page);
    expect(vmaAt(b, first).vm_flags & mm.VM_LOCKED).toBe(0n);
  });

  test('S1.5 a page has a reference count and a map count, a process two counters, an entry its bits', () => {
    const b = bench((vma) => mm.vm_insert_page(vma, vma.vm_start, pfn));
    const pfn = freshPage(b);
    const a = mapped(map(b, 1));
    mm.access(b.process, a, 'write');
    expect(b.process.table.get(mm.pageOf(a))).toMatchObject({
      pfn: Number(pfn),
      special: false,
      dirty: true,
      prot: vmaAt(b, a).vm_page_prot,
    });
    expect([b.system.memory.page(Number(pfn)), b.process.rss]).toMatchObject([
      { refcount: 2, mapcount: 1 },
      { file: 1, anonymous: 0 },
    ]);
  });
});

describe('S4 by version', () => {
  test.each([
    ['4.0', mm.MAP_SHARED, 'ok'],
    ['4.4', mm.MAP_SHARED, 'SIGBUS'],
    ['4.17', mm.MAP_SHARED, 'SIGBUS'],
    ['4.18', mm.MAP_SHARED, 'SIGBUS'],
  ])('S4.4 on %s a hole of a shared mapping without operations (flags %i): %s', (version, flags, expected) => {
    expect(holes(version, flags)).toBe(expected);
  });

  test.each([
    ['4.17', 'ok'],
    ['4.18', 'SIGBUS'],
  ])('S4.4 on %s a hole of a private mapping without operations: %s', (version, expected) => {
    const b = barBench((vma) => noting(mm.vm_flags_set(vma, mm.VM_DONTEXPAND), 0), version);
    expect(brief(mm.access(b.process, mapped(map(b, 1, rw, mm.MAP_PRIVATE)), 'read'))).toBe(expected);
  });

  test('S4.5 up to 2.6.14 RAM that is not reserved is left out of a remap, and a read of it gives fresh zeros', () => {
    const first = (version: string, reserved: boolean): number | undefined => {
      const b = bench((vma) => mm.remap_pfn_range(vma, vma.vm_start, pfn, page, vma.vm_page_prot), { version });
      const pfn = freshPage(b);
      b.system.memory.write(Number(pfn), 0, Uint8Array.of(9));
      if (reserved) mm.SetPageReserved(b.system, pfn);
      return mm.access(b.process, mapped(map(b, 1)), 'read').reached?.bytes[0];
    };
    expect([first('2.6.11', false), first('2.6.11', true), first('2.6.16', false)]).toEqual([0, 9, 9]);
  });

  test('S4.2 up to 4.1 a shared mapping without operations gives the page of zeros to be written', () => {
    const b = bench(() => 0, { version: '4.1' });
    const a = mapped(map(b, 1));
    expect(problems(mm.access(b.process, a, 'read'))).toEqual([]);
    expect(mm.access(b.process, a, 'write').problems[0]).toMatchObject({ kind: 'read-only-write', rule: 'S4.2' });
  });

  test('S4.3 up to 4.1 operations without fault fill with anonymous memory', () => {
    const reach = (version: string): string => {
      const b = bench((vma) => noting(mm.assignVmaField(vma, 'vm_ops', { table: 'ops', open: () => {} }), 0), { version });
      return brief(mm.access(b.process, mapped(map(b, 1, rw, mm.MAP_PRIVATE)), 'write'));
    };
    expect([reach('4.1'), reach('4.2')]).toEqual(['ok', 'SIGBUS']);
  });

  test.each([
    ['3.14', 0, 1],
    ['3.15', 1, 0],
    ['5.11', 1, 0],
    ['5.12', 1, 0],
  ])('S4.3 on %s map_pages is called %i times, fault %i times', (version, around, single) => {
    const calls = { map_pages: 0, fault: 0 };
    const b = bench(
      (vma) => {
        mm.vm_flags_set(vma, mm.VM_MIXEDMAP);
        const insert = (vmf: mm.VmFault): number => mm.vmf_insert_page(vmf.vma, vmf.address, pfn);
        vma.vm_ops = {
          table: 'ops',
          map_pages: (vmf) => noting(calls.map_pages++, insert(vmf)),
          fault: (vmf) => noting(calls.fault++, insert(vmf)),
        };
        return 0;
      },
      { version },
    );
    const pfn = freshPage(b);
    expect(brief(mm.access(b.process, mapped(map(b, 1)), 'read'))).toBe('ok');
    expect(calls).toEqual({ map_pages: around, fault: single });
  });

  test.each([
    ['5.15', 'SIGKILL'],
    ['6.1', 'endless-fault'],
  ])('S4.7 on %s VM_FAULT_OOM from a fault handler: %s', (version, expected) => {
    const b = bench((vma) => noting(mm.assignVmaField(vma, 'vm_ops', { table: 'ops', fault: () => mm.VM_FAULT_OOM }), 0), { version });
    const a = mapped(map(b, 1));
    expect(brief(mm.accessBySystemCall(b.process, a, 1, 'from-user'))).toBe('EFAULT');
    const seen = mm.access(b.process, a, 'read');
    expect(brief(seen)).toBe(expected);
    expect(seen.problems[0]?.kernelLog ?? '').toContain(expected === 'SIGKILL' ? '' : 'VM_FAULT_OOM leaked');
  });

  test('S4.7 VM_FAULT_FALLBACK from a handler for pages is a BUG', () => {
    const b = bench((vma) => noting(mm.assignVmaField(vma, 'vm_ops', { table: 'ops', fault: () => mm.VM_FAULT_FALLBACK }), 0));
    expect(brief(mm.access(b.process, mapped(map(b, 1)), 'read'))).toBe('bug');
  });

  test('S4.7 a page that the handler has locked itself, without saying so, hangs the task', () => {
    const run = (result: number): string => {
      const b = bench((vma) => {
        vma.vm_ops = {
          table: 'ops',
          fault: (vmf) => {
            mm.get_page(b.system, pfn);
            mm.lock_page(b.system, Number(pfn));
            vmf.page = pfn;
            return result;
          },
        };
        return 0;
      });
      const pfn = freshPage(b);
      const how = brief(mm.access(b.process, mapped(map(b, 1)), 'read'));
      return `${how} ${mm.pageFlags(b.system, Number(pfn)).join(' ')}`.trim();
    };
    expect([run(0), run(mm.VM_FAULT_LOCKED)]).toEqual(['deadlock locked', 'ok']);
  });

  test.each([
    ['6.1', 'read'],
    ['6.12', 'vma'],
  ])('S4.9 on %s faults of a vma with map_pages hold the lock: %s', (version, lock) => {
    const held: string[] = [];
    const b = bench(
      (vma) => {
        const fault = (): number => noting(held.push(b.process.mmapLock), mm.VM_FAULT_SIGBUS);
        vma.vm_ops = { table: 'ops', map_pages: () => 0, fault };
        return 0;
      },
      { version },
    );
    mm.access(b.process, mapped(map(b, 1)), 'read');
    expect(held).toEqual([lock]);
  });

  test('S4.9 changing flags under the lock of the vma alone waits for itself', () => {
    const b = bench((vma) => {
      const fault = (vmf: mm.VmFault): number => noting(mm.vm_flags_set(vmf.vma, mm.VM_MIXEDMAP), mm.VM_FAULT_SIGBUS);
      vma.vm_ops = { table: 'ops', map_pages: () => 0, fault };
      return 0;
    });
    expect(brief(mm.access(b.process, mapped(map(b, 1)), 'read'))).toBe('deadlock');
  });
});

describe('S5 entries', () => {
  test('S5.6 the special bit decides: a page that was copied in a COW remap is counted, its neighbour is not', () => {
    const b = barBench((vma) => mm.remap_pfn_range(vma, vma.vm_start, barPfn, mm.vmaSize(vma), vma.vm_page_prot));
    const a = mapped(map(b, 2, rw, mm.MAP_PRIVATE));
    mm.access(b.process, a + page, 'write');
    expect(mm.smaps(vmaAt(b, a))).toMatchObject({ size: 8, rss: 4, pss: 4, anonymous: 4, privateDirty: 4, sharedDirty: 0 });
    // pagemap does not look into VM_PFNMAP mappings.
    expect([mm.pagemap(b.process, a).present, mm.pagemap(b.process, a + page).present]).toEqual([false, false]);
  });

  test('S5.8 an entry for RAM made by hand without pte_mkspecial gives up a reference that nobody took', () => {
    const set = (special: boolean): readonly string[] => {
      const b = bench((vma) => {
        const pte = mm.pfn_pte(pfn, vma.vm_page_prot);
        mm.vm_flags_set(vma, mm.VM_PFNMAP);
        return mm.apply_to_page_range(vma.vm_mm, vma.vm_start, page, (address) =>
          noting(mm.set_pte_at(vma.vm_mm, address, special ? mm.pte_mkspecial(pte) : pte), 0),
        );
      });
      const pfn = freshPage(b);
      const a = mapped(map(b, 1));
      return [...problems(mm.munmap(b.process, a, page)), ...problems(mm.exit(b.process))];
    };
    expect(set(true)).toEqual([]);
    expect(set(false)).toContain('bad-rss');
    expect(set(false)).toContain('refcount-underflow');
  });

  test('S5.7 an entry made by hand in a plain vma is a bad page map', () => {
    const b = barBench((vma) => noting(mm.set_pte_at(vma.vm_mm, vma.vm_start, mm.pte_mkspecial(mm.pfn_pte(barPfn, vma.vm_page_prot))), 0));
    expect(problems(mm.munmap(b.process, mapped(map(b, 1)), page))).toEqual(['bad-page-map']);
  });
});
