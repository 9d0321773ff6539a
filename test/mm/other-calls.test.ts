/** Sections 10, 12 and 13 of the semantics: other system calls, caching, locks. */
import { describe, expect, test } from 'vitest';
import * as mm from '../../server/src/mm/index.ts';
import { type Bench, bench, brief, map, mapped, noting, page, problems, rw, vmaAt } from './bench.ts';

const barPfn = 0x81000n;

function rawBench(ops?: mm.VmOps, prot: (value: bigint) => bigint = (value) => value, version = '6.12'): Bench {
  const b = bench(
    (vma) => {
      if (ops) vma.vm_ops = ops;
      return mm.remap_pfn_range(vma, vma.vm_start, barPfn, mm.vmaSize(vma), prot(vma.vm_page_prot));
    },
    { version },
  );
  mm.addDeviceRegion(b.system, { bytes: 8n * page, label: 'bar', physical: barPfn << mm.PAGE_SHIFT });
  return b;
}

function insertBench(): Bench & { readonly pfn: bigint } {
  const b = bench((vma) => mm.vm_insert_page(vma, vma.vm_start, pfn));
  const pfn = mm.pfnAt(mm.alloc_pages(b.system, { order: 0, label: 'buffer', zero: true }), 0) ?? 0n;
  return { ...b, pfn };
}

describe('S10 other calls', () => {
  test('S10.1 mlock succeeds on special vmas and changes nothing', () => {
    const b = rawBench();
    const a = mapped(map(b, 1));
    expect(brief(mm.mlock(b.process, a, page))).toBe('ok');
    expect(vmaAt(b, a).vm_flags & mm.VM_LOCKED).toBe(0n);
    expect(brief(mm.mlock(b.process, 0x1000_0000n, page))).toBe('ENOMEM');
    const plain = bench(() => 0);
    const c = mapped(map(plain, 1));
    expect(brief(mm.mlock(plain.process, c, page))).toBe('ENOMEM');
    expect(vmaAt(plain, c).vm_flags & mm.VM_LOCKED).toBe(mm.VM_LOCKED);
  });

  test('MAP_LOCKED is dropped for special vmas', () => {
    const b = rawBench();
    expect(vmaAt(b, mapped(map(b, 1, rw, mm.MAP_SHARED | mm.MAP_LOCKED))).vm_flags & mm.VM_LOCKED).toBe(0n);
  });

  test.each([
    ['DONTNEED', 'EINVAL'],
    ['FREE', 'EINVAL'],
    ['DODUMP', 'EINVAL'],
    ['DOFORK', 'EINVAL'],
    ['DONTFORK', 'ok'],
    ['WIPEONFORK', 'EINVAL'],
    ['REMOVE', 'ENODEV'],
    ['POPULATE_READ', 'EINVAL'],
    ['COLD', 'EINVAL'],
    ['SEQUENTIAL', 'ok'],
  ] as const)('S10.2 madvise %s of a remapped region: %s', (advice, expected) => {
    const b = rawBench();
    expect(brief(mm.madvise(b.process, mapped(map(b, 1)), page, advice))).toBe(expected);
  });

  test('S10.2 madvise DONTNEED makes inserted pages vanish', () => {
    const b = insertBench();
    const a = mapped(map(b, 1));
    expect(brief(mm.madvise(b.process, a, page, 'DONTNEED'))).toBe('ok');
    expect(b.system.memory.page(Number(b.pfn))).toMatchObject({ refcount: 1, mapcount: 0 });
    expect(brief(mm.access(b.process, a, 'read'))).toBe('SIGBUS');
  });

  test('S10.2 madvise FREE keeps the pages of anonymous memory until memory runs short', () => {
    const b = bench((vma) => {
      vma.vm_ops = undefined;
      return 0;
    });
    const a = mapped(map(b, 1, rw, mm.MAP_PRIVATE));
    mm.access(b.process, a, 'write');
    const before = b.process.rss.anonymous;
    expect(brief(mm.madvise(b.process, a, page, 'FREE'))).toBe('ok');
    expect(b.process.rss.anonymous).toBe(before);
    expect(before).toBe(1);
  });

  test('S10.2 holes give ENOMEM, but the rest is advised', () => {
    const b = rawBench();
    const a = mapped(map(b, 1));
    expect(brief(mm.madvise(b.process, a - page, 2n * page, 'DONTFORK'))).toBe('ENOMEM');
    expect(vmaAt(b, a).vm_flags & mm.VM_DONTCOPY).toBe(mm.VM_DONTCOPY);
  });

  test('S10.4 get_user_pages: EFAULT for PFN mappings, a reference for inserted pages', () => {
    const raw = rawBench();
    expect(brief(mm.get_user_pages(raw.process, mapped(map(raw, 1)), 1))).toBe('EFAULT');
    const b = insertBench();
    const got = mm.get_user_pages(b.process, mapped(map(b, 1)), 1, { write: true });
    expect([got.pfns, b.system.memory.page(Number(b.pfn))?.refcount]).toEqual([[b.pfn], 3]);
    mm.putUserPages(b.process, got.pfns);
    expect(b.system.memory.page(Number(b.pfn))?.refcount).toBe(2);
  });

  test('S10.5 ptrace reads through access, and gives EIO without it', () => {
    const b = rawBench({ table: 'ops', access: mm.generic_access_phys });
    const a = mapped(map(b, 1));
    b.system.memory.write(Number(barPfn), 4, Uint8Array.of(1, 2));
    const read = mm.accessRemote(b.process, a + 4n, new Uint8Array(2), false);
    expect([brief(read), ...read.bytes]).toEqual(['ok', 1, 2]);
    const none = rawBench();
    expect(brief(mm.accessRemote(none.process, mapped(map(none, 1)), new Uint8Array(2), false))).toBe('EIO');
    const inserted = insertBench();
    expect(brief(mm.accessRemote(inserted.process, mapped(map(inserted, 1)), new Uint8Array(2), true))).toBe('ok');
  });

  test('/proc/PID/mem asks twice for the page that it cannot get, ptrace once', () => {
    const asked: bigint[] = [];
    const b = bench((vma) => {
      vma.vm_ops = { table: 'ops', fault: (vmf) => noting(asked.push(vmf.pgoff), mm.VM_FAULT_SIGBUS) };
      return mm.vm_insert_page(vma, vma.vm_start, pfn);
    });
    const pfn = mm.pfnAt(mm.alloc_pages(b.system, { order: 0, label: 'buffer', zero: true }), 0) ?? 0n;
    const a = mapped(map(b, 2));
    const end = a + page - 4n;
    expect(mm.accessMem(b.process, end, new Uint8Array(16), false).outcome).toEqual({ kind: 'ok', value: 4n });
    expect(asked).toEqual([1n, 1n]);
    expect(mm.accessRemote(b.process, end, new Uint8Array(16), false).outcome).toEqual({ kind: 'ok', value: 4n });
    expect(asked).toHaveLength(3);
  });

  test('S10.6 process_vm_readv gives EFAULT for PFN mappings', () => {
    const b = rawBench({ table: 'ops', access: mm.generic_access_phys });
    expect(brief(mm.processVmAccess(b.process, mapped(map(b, 1)), new Uint8Array(2), false))).toBe('EFAULT');
    const inserted = insertBench();
    expect(brief(mm.processVmAccess(inserted.process, mapped(map(inserted, 1)), new Uint8Array(2), false))).toBe('ok');
  });

  test('S10.7 read(2) and write(2) reach a PFN mapping like the program does', () => {
    const b = rawBench();
    expect(brief(mm.accessBySystemCall(b.process, mapped(map(b, 1)), 8, 'to-user'))).toBe('ok');
    expect(b.system.memory.read(Number(barPfn), 0, 1).bytes[0]).toBe(0);
  });

  test('S10.10 smaps: Rss counts normal pages only, and the flags are coded in the kernel’s order', () => {
    const raw = rawBench();
    const special = mm.smaps(vmaAt(raw, mapped(map(raw, 2))));
    expect(special).toMatchObject({ size: 8, rss: 0 });
    expect(special.vmFlags.join(' ')).toBe('rd wr sh mr mw me ms pf io de ar dd sd');
    const b = insertBench();
    const counted = mm.smaps(vmaAt(b, mapped(map(b, 2))));
    expect([counted.rss, counted.vmFlags.join(' ')]).toEqual([4, 'rd wr sh mr mw me ms sd mm']);
  });

  test('a line of maps', () => {
    const b = rawBench();
    const a = mapped(map(b, 2, rw, mm.MAP_SHARED, { address: 0x1000_0000n, offset: page }));
    expect(mm.mapsLine(vmaAt(b, a))).toMatch(/^10000000-10002000 rw-s 00001000 00:05 \d+ +\/dev\/test$/);
  });
});

describe('S12 caching on x86', () => {
  const cacheOf = (b: Bench, a: bigint): string => mm.cacheTypeOf(b.process.table.get(mm.pageOf(a))?.prot ?? 0n);

  test('S12.1 a full remap reserves a type; a later one of another type adapts or fails', () => {
    let prot: (value: bigint) => bigint = mm.pgprot_noncached;
    const b = rawBench(undefined, (value) => prot(value));
    const first = mapped(map(b, 2));
    prot = mm.pgprot_writecombine;
    const second = mapped(map(b, 2));
    expect([cacheOf(b, first), cacheOf(b, second)]).toEqual(['uncached-minus', 'uncached-minus']);
    mm.munmap(b.process, first, 2n * page);
    mm.munmap(b.process, second, 2n * page);
    expect(cacheOf(b, mapped(map(b, 2)))).toBe('write-combining');
  });

  test('device memory asked for as write-back is uncached', () => {
    const b = rawBench();
    expect(cacheOf(b, mapped(map(b, 2)))).toBe('uncached-minus');
  });

  test('S12.1 a partial remap gets the type in force, whatever it asks for', () => {
    const b = bench((vma) => mm.remap_pfn_range(vma, vma.vm_start, barPfn, page, mm.pgprot_writecombine(vma.vm_page_prot)));
    mm.addDeviceRegion(b.system, { bytes: page, label: 'bar', physical: barPfn << mm.PAGE_SHIFT });
    expect(cacheOf(b, mapped(map(b, 2)))).toBe('uncached-minus');
  });

  test('S12.2 RAM keeps the type of the kernel’s mapping, with a warning', () => {
    const b = bench((vma) => mm.remap_pfn_range(vma, vma.vm_start, pfn, page, mm.pgprot_noncached(vma.vm_page_prot)));
    const pfn = mm.pfnAt(mm.alloc_pages(b.system, { order: 0, label: 'buffer', zero: true }), 0) ?? 0n;
    const result = map(b, 1);
    expect([problems(result), cacheOf(b, mapped(result))]).toEqual([['cache-type'], 'write-back']);
    b.system.memoryTypes.setKernelMapping(Number(pfn), Number(pfn) + 1, 'uncached-minus');
    expect(problems(map(b, 1))).toEqual([]);
  });

  test('S12.1 from 6.16 on two full remaps of one vma fail, before that the flag says that one was made', () => {
    const twice = (version: string): string => {
      const b = bench(
        (vma) => {
          mm.remap_pfn_range(vma, vma.vm_start, barPfn, page, vma.vm_page_prot);
          mm.zap_page_range_single(vma, vma.vm_start, page);
          return mm.remap_pfn_range(vma, vma.vm_start, barPfn, page, vma.vm_page_prot);
        },
        { version },
      );
      mm.addDeviceRegion(b.system, { bytes: page, label: 'bar', physical: barPfn << mm.PAGE_SHIFT });
      return brief(map(b, 1));
    };
    expect([twice('6.12'), twice('6.17')]).toEqual(['ok', 'EINVAL']);
  });

  test('a protection of the kernel alone: reading is SIGSEGV, writing faults for ever, the kernel gets through', () => {
    const b = rawBench(undefined, (prot) => prot & ~mm._PAGE_USER);
    const a = mapped(map(b, 1));
    expect(brief(mm.access(b.process, a, 'read'))).toBe('SIGSEGV');
    expect(brief(mm.accessBySystemCall(b.process, a, 4, 'from-user'))).toBe('ok');
    expect(mm.access(b.process, a, 'write').outcome).toMatchObject({ kind: 'stopped', problem: { kind: 'endless-fault' } });
  });

  test('S11.5 a tail that is unmapped is taken from the first reservation that ends there, whose owner then finds none', () => {
    const b = rawBench(undefined, mm.pgprot_noncached);
    const physical = (barPfn - 1n) << mm.PAGE_SHIFT;
    expect(mm.ioremap(b.system, physical, 3n * page)).toBe(true);
    const a = mapped(map(b, 2));
    mm.munmap(b.process, a + page, page);
    mm.munmap(b.process, a, page);
    b.system.log.drain();
    mm.iounmap(b.system, physical, 3n * page);
    const said = b.system.log.drain().flatMap((event) => (event.kind === 'kernel-message' ? [event.text] : []));
    expect(said).toEqual([expect.stringContaining('freeing invalid memtype [mem 0x80fff000-0x81001fff]')]);
  });

  test('S12.4 vm_insert_page uses vm_page_prot unchanged', () => {
    const b = bench((vma) => {
      mm.assignVmaField(vma, 'vm_page_prot', mm.pgprot_noncached(vma.vm_page_prot));
      return mm.vm_insert_page(vma, vma.vm_start, pfn);
    });
    const pfn = mm.pfnAt(mm.alloc_pages(b.system, { order: 0, label: 'buffer' }), 0) ?? 0n;
    expect(cacheOf(b, mapped(map(b, 1)))).toBe('uncached-minus');
  });

  test('S12.6 changing vm_page_prot after the entries are made changes nothing', () => {
    const b = bench((vma) => {
      const result = mm.vm_insert_page(vma, vma.vm_start, pfn);
      mm.assignVmaField(vma, 'vm_page_prot', mm.pgprot_noncached(vma.vm_page_prot));
      return result;
    });
    const pfn = mm.pfnAt(mm.alloc_pages(b.system, { order: 0, label: 'buffer' }), 0) ?? 0n;
    expect(cacheOf(b, mapped(map(b, 1)))).toBe('write-back');
  });
});

describe('S13 locks', () => {
  test('S13.1 fault runs with the mmap lock held for reading', () => {
    const locks: string[] = [];
    const b = bench((vma) => {
      vma.vm_ops = { table: 'ops', fault: (vmf) => locks.push(vmf.vma.vm_mm.mmapLock) * 0 + mm.VM_FAULT_SIGBUS };
      return 0;
    });
    mm.access(b.process, mapped(map(b, 1)), 'read');
    expect(locks).toEqual(['read']);
  });

  test('S13.1 remap_pfn_range and find_vma without the lock are reported', () => {
    const b = rawBench();
    const vma = vmaAt(b, mapped(map(b, 1)));
    b.system.takeProblems();
    mm.find_vma(b.process, vma.vm_start);
    mm.zap_vma_ptes(vma, vma.vm_start, page);
    mm.remap_pfn_range(vma, vma.vm_start, barPfn, page, vma.vm_page_prot);
    const kinds = ['warning', 'lock-not-held', 'warning', 'warning'];
    expect(b.system.takeProblems().map((problem) => problem.kind)).toEqual(kinds);
    mm.withMmapLock(b.process, 'read', () => mm.vma_lookup(b.process, vma.vm_start));
    expect(b.system.takeProblems()).toEqual([]);
  });

  test('S4.7 a fault handler that has inserted the page and reports an error is told of, unless memory has run out', () => {
    const run = (result: number): readonly string[] => {
      const fault = ({ vma, address }: mm.VmFault): number => {
        mm.vmf_insert_pfn(vma, address, barPfn);
        return result;
      };
      const b = bench((vma) => {
        vma.vm_flags |= mm.VM_PFNMAP;
        vma.vm_ops = { table: 'ops', fault };
        return 0;
      });
      mm.addDeviceRegion(b.system, { bytes: 8n * page, label: 'bar', physical: barPfn << mm.PAGE_SHIFT });
      return problems(mm.access(b.process, mapped(map(b, 1)), 'read'));
    };
    expect([mm.VM_FAULT_NOPAGE, mm.VM_FAULT_SIGBUS, mm.VM_FAULT_OOM].map(run)).toEqual([[], ['bad-return'], []]);
  });

  test('S13.1 up to 6.2 remap_pfn_range in a fault handler does no harm where its flags are there already', () => {
    const run = (version: string, flags: bigint, together = false): readonly string[] => {
      const fault = (vmf: mm.VmFault): number => {
        const result = mm.remap_pfn_range(vmf.vma, vmf.address, barPfn, page, vmf.vma.vm_page_prot);
        return result === 0 ? mm.VM_FAULT_NOPAGE : mm.VM_FAULT_SIGBUS;
      };
      const b = bench(
        (vma) => {
          vma.vm_flags |= flags;
          vma.vm_ops = { table: 'ops', fault };
          return 0;
        },
        { version },
      );
      mm.addDeviceRegion(b.system, { bytes: 8n * page, label: 'bar', physical: barPfn << mm.PAGE_SHIFT });
      const a = mapped(map(b, 2));
      return problems(mm.access(b.process, a, 'read', { together }));
    };
    const both = mm.VM_IO | mm.VM_PFNMAP | mm.VM_DONTEXPAND | mm.VM_DONTDUMP;
    expect([run('5.11', 0n), run('5.11', both), run('6.6', both), run('5.11', both, true)]).toEqual([
      ['lock-not-held'],
      [],
      ['lock-not-held'],
      ['bug'],
    ]);
  });

  test('S13.3 copying to user memory that must fault, inside the mmap handler, is a deadlock', () => {
    const b = bench(() => mm.copyUser(b.process, target, new Uint8Array(4), 'to-user'));
    const plain = mm.mmap(b.process, { length: page, prot: rw, flags: mm.MAP_PRIVATE | mm.MAP_ANONYMOUS });
    const target = mapped(plain);
    expect(brief(map(b, 1))).toBe('deadlock');
    const calm = bench(() => mm.copyUser(calm.process, present, new Uint8Array(4), 'to-user'));
    const present = mapped(mm.mmap(calm.process, { length: page, prot: rw, flags: mm.MAP_PRIVATE | mm.MAP_ANONYMOUS }));
    mm.access(calm.process, present, 'write');
    expect(brief(map(calm, 1))).toBe('ok');
  });

  test('S13.4 vm_flags_set from a fault handler warns from 6.10 on', () => {
    const run = (version: string): readonly string[] => {
      const b = bench(
        (vma) => {
          vma.vm_ops = {
            table: 'ops',
            fault: (vmf) => {
              mm.vm_flags_set(vmf.vma, mm.VM_IO);
              return mm.VM_FAULT_SIGBUS;
            },
          };
          return 0;
        },
        { version },
      );
      return problems(mm.access(b.process, mapped(map(b, 1)), 'read'));
    };
    expect([run('6.6'), run('6.12')]).toEqual([['lock-not-held'], ['warning']]);
  });
});
