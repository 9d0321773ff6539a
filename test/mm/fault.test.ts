/** Section 4 of the semantics: which function deals with a fault, and what the program sees. */
import { describe, expect, test } from 'vitest';
import * as mm from '../../server/src/mm/index.ts';
import { type Bench, bench, brief, map, mapped, noting, page, problems, rw, vmaAt } from './bench.ts';

/** A device whose fault handler gives the pages of one buffer, each with a reference. */
function pageBench(more: Partial<mm.VmOps> = {}, result = 0): Bench & { readonly pfn: bigint } {
  const b = bench((vma) => {
    vma.vm_ops = { table: 'ops', fault, ...more };
    return 0;
  });
  const pfn = mm.pfnAt(mm.alloc_pages_exact(b.system, { bytes: 4n * page, label: 'buffer', zero: true }), 0) ?? 0n;
  const fault = (vmf: mm.VmFault): number => {
    mm.get_page(b.system, pfn + vmf.pgoff);
    vmf.page = pfn + vmf.pgoff;
    return result;
  };
  return { ...b, pfn };
}

const paths = (b: Bench): string[] => b.system.log.drain().flatMap((event) => (event.kind === 'fault' ? [event.path] : []));

describe('S4 fault dispatch', () => {
  test.each([
    ['6.1', 'anonymous'],
    ['6.2', 'the driver’s'],
    ['6.12', 'the driver’s'],
  ])('S4.2 a shared mapping without VM_SHARED on %s: a write after fork goes to a page that is %s', (version, whose) => {
    const b = bench(
      (vma) => {
        vma.vm_ops = {
          table: 'ops',
          fault: (vmf) => {
            mm.get_page(b.system, pfn);
            vmf.page = pfn;
            return 0;
          },
        };
        return 0;
      },
      { version },
    );
    const pfn = mm.pfnAt(mm.alloc_pages(b.system, { order: 0, label: 'buffer', zero: true }), 0) ?? 0n;
    const a = mapped(map(b, 2));
    expect(brief(mm.access(b.process, a, 'write'))).toBe('ok');
    const vma = vmaAt(b, a);
    vma.vm_flags &= ~mm.VM_SHARED;
    // The private copy makes fork copy the entries.
    expect(mm.access(b.process, a + page, 'write').reached?.memory).toBe('anonymous');
    const forked = mm.fork(b.process);
    if (!forked.child) throw new Error('no child');
    const written = mm.access(forked.child, a, 'write').reached?.memory;
    expect(written === 'anonymous' ? written : 'the driver’s').toBe(whose);
  });

  test('S4.1 an access that the flags forbid is SIGSEGV before any driver code', () => {
    let faults = 0;
    const b = pageBench({ fault: () => noting(++faults, mm.VM_FAULT_SIGBUS) });
    const a = mapped(map(b, 1, mm.PROT_READ));
    expect(brief(mm.access(b.process, a, 'write'))).toBe('SIGSEGV');
    const none = mapped(map(b, 1, mm.PROT_NONE));
    expect(brief(mm.access(b.process, none, 'read'))).toBe('SIGSEGV');
    expect(brief(mm.access(b.process, 0x5000n, 'read'))).toBe('SIGSEGV');
    expect(faults).toBe(0);
  });

  test('a write-only mapping can be read on x86', () => {
    const b = pageBench();
    expect(brief(mm.access(b.process, mapped(map(b, 1, mm.PROT_WRITE)), 'read'))).toBe('ok');
  });

  test('S4.2 without operations: the page of zeros for a private read, a page for a write, SIGBUS when shared', () => {
    const b = bench((vma) => {
      vma.vm_ops = undefined;
      return 0;
    });
    const a = mapped(map(b, 2, rw, mm.MAP_PRIVATE));
    expect(mm.access(b.process, a, 'read').reached).toMatchObject({ memory: 'zero', bytes: Uint8Array.of(0) });
    expect(b.process.rss).toEqual({ file: 0, anonymous: 0, shmem: 0 });
    expect(mm.access(b.process, a, 'write').reached?.memory).toBe('anonymous');
    expect(b.process.rss).toEqual({ file: 0, anonymous: 1, shmem: 0 });
    expect(brief(mm.access(b.process, mapped(map(b, 1)), 'read'))).toBe('SIGBUS');
  });

  test('S4.3 and S4.4 operations without a fault handler: SIGBUS', () => {
    const b = bench((vma) => {
      vma.vm_ops = { table: 'ops' };
      return 0;
    });
    expect(brief(mm.access(b.process, mapped(map(b, 1)), 'read'))).toBe('SIGBUS');
    const empty = bench(() => 0);
    expect(brief(mm.access(empty.process, mapped(map(empty, 1, rw, mm.MAP_PRIVATE)), 'write'))).toBe('SIGBUS');
  });

  test('S4.3 a read maps the page; the write right follows vm_page_prot', () => {
    const b = pageBench();
    const shared = mapped(map(b, 1));
    expect(mm.access(b.process, shared, 'read').faults).toBe(1);
    expect(mm.access(b.process, shared, 'write').faults).toBe(0);
    const secret = mapped(map(b, 1, rw, mm.MAP_PRIVATE));
    expect(mm.access(b.process, secret, 'read').faults).toBe(1);
    expect(mm.access(b.process, secret, 'write').faults).toBe(1);
    expect(paths(b)).toEqual(['do_read_fault', 'do_read_fault', 'wp_page_copy or reuse']);
  });

  test('S4.3 a private write copies the page; the page of the driver is never mapped', () => {
    const b = pageBench();
    b.system.memory.write(Number(b.pfn), 8, Uint8Array.of(7));
    const a = mapped(map(b, 1, rw, mm.MAP_PRIVATE));
    mm.access(b.process, a, 'write', { bytes: Uint8Array.of(1) });
    expect(paths(b)).toEqual(['do_cow_fault']);
    expect([...(mm.access(b.process, a, 'read', { length: 9 }).reached?.bytes ?? [])]).toEqual([1, 0, 0, 0, 0, 0, 0, 0, 7]);
    expect(b.system.memory.page(Number(b.pfn))).toMatchObject({ refcount: 1, mapcount: 0 });
    expect(b.system.memory.read(Number(b.pfn), 0, 1).bytes[0]).toBe(0);
  });

  test('S4.3 a shared write calls fault, then page_mkwrite, and maps the page writable and dirty', () => {
    const calls: string[] = [];
    const b = pageBench({ page_mkwrite: () => noting(calls.push('page_mkwrite'), mm.VM_FAULT_LOCKED) });
    const a = mapped(map(b, 1));
    expect(brief(mm.access(b.process, a, 'write'))).toBe('ok');
    expect([calls, paths(b)]).toEqual([['page_mkwrite'], ['do_shared_fault']]);
    expect(b.process.table.get(mm.pageOf(a))).toMatchObject({ dirty: true, special: false });
  });

  test('S4.3 map_pages is asked before fault, for a window inside the vma', () => {
    const windows: [bigint, bigint][] = [];
    const b = pageBench({ map_pages: (_vmf, start, end) => noting(windows.push([start, end]), 0) });
    const a = mapped(map(b, 4, rw, mm.MAP_SHARED, { address: 0x1000_0000n }));
    expect(brief(mm.access(b.process, a + page, 'read'))).toBe('ok');
    expect(windows).toEqual([[0n, 3n]]);
  });

  test('S4.6 a write to a special entry of a shared mapping asks pfn_mkwrite, which may refuse', () => {
    const results = [0, mm.VM_FAULT_SIGBUS].map((answer) => {
      let asked = 0;
      const b = bench((vma) => {
        mm.vm_flags_set(vma, mm.VM_PFNMAP);
        vma.vm_ops = {
          table: 'ops',
          fault: (vmf) => mm.vmf_insert_pfn(vmf.vma, vmf.address, 0x81000n),
          pfn_mkwrite: () => noting(++asked, answer),
        };
        return 0;
      });
      mm.addDeviceRegion(b.system, { bytes: page, label: 'bar', physical: 0x8100_0000n });
      const a = mapped(map(b, 1));
      mm.access(b.process, a, 'read');
      return [brief(mm.access(b.process, a, 'write')), asked];
    });
    expect(results).toEqual([
      ['ok', 1],
      ['SIGBUS', 1],
    ]);
  });

  test('S4.6 an anonymous page of this process alone is reused, one shared with a child is copied', () => {
    const b = pageBench();
    const a = mapped(map(b, 1, rw, mm.MAP_PRIVATE));
    mm.access(b.process, a, 'write');
    const first = b.process.table.get(mm.pageOf(a))?.pfn;
    const { child } = mm.fork(b.process);
    mm.access(b.process, a, 'write');
    expect(b.process.table.get(mm.pageOf(a))?.pfn).not.toBe(first);
    expect(child?.table.get(mm.pageOf(a))?.pfn).toBe(first);
    if (child) mm.access(child, a, 'write');
    expect(child?.table.get(mm.pageOf(a))?.pfn).toBe(first);
  });

  test('S4.7 a page without a struct page, or no page at all, is an oops', () => {
    const none = pageBench({ fault: () => 0 });
    expect(brief(mm.access(none.process, mapped(map(none, 1)), 'read'))).toBe('oops');
    const bad = pageBench({
      fault: (vmf) => {
        vmf.page = 0x81000n;
        return 0;
      },
    });
    expect(brief(mm.access(bad.process, mapped(map(bad, 1)), 'read'))).toBe('oops');
  });

  test.each([
    [mm.VM_FAULT_SIGBUS, 'SIGBUS'],
    [mm.VM_FAULT_HWPOISON, 'SIGBUS'],
    [mm.VM_FAULT_OOM, 'endless-fault'],
    [mm.VM_FAULT_SIGSEGV, 'SIGSEGV'],
    [mm.VM_FAULT_NOPAGE, 'endless-fault'],
    [mm.VM_FAULT_RETRY, 'endless-fault'],
    [-mm.errno.EINVAL, 'endless-fault'],
  ])('S4.7 a fault handler that returns %i without mapping anything: %s', (result, expected) => {
    const b = pageBench({ fault: () => result });
    const seen = mm.access(b.process, mapped(map(b, 1)), 'read');
    expect(brief(seen)).toBe(expected);
    expect(problems(seen).includes('bad-return')).toBe(result < 0);
  });

  test('S4.7 a handler that also installs the entry itself: its page is put again and the fault is over', () => {
    const b = pageBench();
    const odd = bench((vma) => {
      mm.vm_flags_set(vma, mm.VM_MIXEDMAP);
      vma.vm_ops = {
        table: 'ops',
        fault: (vmf) => {
          mm.vmf_insert_page(vmf.vma, vmf.address, pfn);
          mm.get_page(odd.system, pfn);
          vmf.page = pfn;
          return 0;
        },
      };
      return 0;
    });
    const pfn = mm.pfnAt(mm.alloc_pages(odd.system, { order: 0, label: 'buffer', zero: true }), 0) ?? 0n;
    expect(brief(mm.access(odd.process, mapped(map(odd, 1)), 'read'))).toBe('ok');
    expect(odd.system.memory.page(Number(pfn))).toMatchObject({ refcount: 2, mapcount: 1 });
    expect(b.process.stopped).toBeUndefined();
  });

  test('page_mkwrite that returns 0 for a page without a mapping never ends', () => {
    const b = pageBench({ page_mkwrite: () => 0 });
    expect(brief(mm.access(b.process, mapped(map(b, 1)), 'write'))).toBe('endless-fault');
    const set = pageBench({ page_mkwrite: () => 0 });
    set.system.memory.withMapping.set(Number(set.pfn), { ...set.file.mapping, ownOps: true });
    expect(brief(mm.access(set.process, mapped(map(set, 1)), 'write'))).toBe('ok');
  });

  test('a page whose mapping is that of the device file cannot become dirty: its a_ops are empty', () => {
    const b = pageBench();
    b.system.memory.withMapping.set(Number(b.pfn), b.file.mapping);
    const a = mapped(map(b, 1));
    expect(brief(mm.access(b.process, a, 'read'))).toBe('ok');
    // The processor marks the entry; the page becomes dirty when the entry goes.
    expect(brief(mm.access(b.process, a, 'write'))).toBe('ok');
    expect(brief(mm.munmap(b.process, a, page))).toBe('oops');
    const at = pageBench();
    at.system.memory.withMapping.set(Number(at.pfn), at.file.mapping);
    expect(brief(mm.access(at.process, mapped(map(at, 1)), 'write'))).toBe('oops');
  });

  test('S4.8 a fault inside a system call is EFAULT instead of a signal', () => {
    const b = pageBench({ fault: () => mm.VM_FAULT_SIGBUS });
    const a = mapped(map(b, 1));
    expect(brief(mm.accessBySystemCall(b.process, a, 16, 'to-user'))).toBe('EFAULT');
    const good = pageBench();
    expect(mm.accessBySystemCall(good.process, mapped(map(good, 1)), 16, 'from-user').outcome).toEqual({ kind: 'ok', value: 16n });
  });

  test('after a stop the process does nothing more', () => {
    const b = pageBench({ fault: () => 0 });
    const a = mapped(map(b, 1));
    mm.access(b.process, a, 'read');
    expect(brief(mm.munmap(b.process, a, page))).toBe('oops');
    expect(vmaAt(b, a)).toBeDefined();
  });

  test('huge_fault is offered aligned room, and FALLBACK goes on with pages', () => {
    const orders: number[] = [];
    const b = pageBench({ huge_fault: (_vmf, order) => noting(orders.push(order), mm.VM_FAULT_FALLBACK) });
    const a = mapped(map(b, 1024, rw, mm.MAP_SHARED, { address: 0x4000_0000n }));
    expect(brief(mm.access(b.process, a, 'read'))).toBe('ok');
    mm.access(b.process, a + page, 'read');
    expect(orders).toEqual([9]);
  });

  test('huge_fault maps 512 pages at once', () => {
    const b = bench((vma) => {
      mm.vm_flags_set(vma, mm.VM_PFNMAP);
      vma.vm_ops = { table: 'ops', fault: () => mm.VM_FAULT_SIGBUS, huge_fault: (vmf) => mm.vmf_insert_pfn_pmd(vmf, pfn, true) };
      return 0;
    });
    const pfn = mm.pfnAt(mm.addDeviceRegion(b.system, { bytes: 512n * page, label: 'bar' }), 0) ?? 0n;
    const a = mapped(map(b, 512, rw, mm.MAP_SHARED, { address: 0x4000_0000n }));
    expect(brief(mm.access(b.process, a + 5n * page, 'write'))).toBe('ok');
    expect(b.process.table.pages).toBe(512);
  });
});
