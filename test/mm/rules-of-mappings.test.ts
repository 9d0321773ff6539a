/** Rules about whole mappings that differ by version or configuration: checks of mmap, page tables by hand, pins, cache types. */
import { describe, expect, test } from 'vitest';
import * as mm from '../../server/src/mm/index.ts';
import { type Bench, bench, brief, machine, map, mapped, noting, page, problems, rw, vmaAt } from './bench.ts';

const barPfn = 0x81000n;

/** A device that remaps its registers from `vm_pgoff` on. */
function barBench(version = '6.12', prepare: (vma: mm.Vma) => void = () => {}): Bench {
  const b = bench(
    (vma) => {
      prepare(vma);
      return mm.remap_pfn_range(vma, vma.vm_start, barPfn + vma.vm_pgoff, mm.vmaSize(vma), vma.vm_page_prot);
    },
    { version },
  );
  mm.addDeviceRegion(b.system, { bytes: 16n * page, label: 'bar', physical: barPfn << mm.PAGE_SHIFT });
  return b;
}

function freshPage(b: Bench): bigint {
  return mm.pfnAt(mm.alloc_pages(b.system, { order: 0, label: 'buffer', zero: true }), 0) ?? 0n;
}

/** A device that inserts one counted page. */
function pageBench(version = '6.12', ops: mm.VmOps | undefined = undefined): Bench & { readonly pfn: bigint } {
  const b = bench(
    (vma) => {
      if (ops) vma.vm_ops = ops;
      return mm.vm_insert_page(vma, vma.vm_start, pfn);
    },
    { version },
  );
  const pfn = freshPage(b);
  return { ...b, pfn };
}

describe('S2 checks of mmap(2)', () => {
  test('S2.1 length before address before offset before rights', () => {
    const b = bench(() => 0, { write: false });
    const wrong = { offset: (1n << 64n) - page, flags: mm.MAP_SHARED | mm.MAP_FIXED, address: 1n };
    const order = [
      { ...wrong, length: 0n },
      { ...wrong, length: 2n * page },
      { length: 2n * page, offset: wrong.offset },
      { length: page },
    ];
    expect(order.map((more) => brief(map(b, 1, rw, mm.MAP_SHARED, more)))).toEqual(['EINVAL', 'EINVAL', 'EOVERFLOW', 'EACCES']);
  });

  test('S2.2 the flags begin as the protection, all three MAY bits and those of the process', () => {
    const seen: bigint[] = [];
    const b = bench((vma) => noting(seen.push(vma.vm_flags), 0));
    b.process.defFlags = mm.VM_LOCKED;
    map(b, 1, mm.PROT_READ | mm.PROT_EXEC, mm.MAP_PRIVATE);
    const may = mm.VM_MAYREAD | mm.VM_MAYWRITE | mm.VM_MAYEXEC;
    expect(seen).toEqual([mm.VM_READ | mm.VM_EXEC | may | mm.VM_LOCKED]);
  });

  test('S2.3 MAP_LOCKED without the right to lock gives EPERM, beyond the limit EAGAIN', () => {
    const b = bench(() => 0);
    const lock = (limit: bigint): string => {
      b.process.memlockLimit = limit;
      return brief(map(b, 2, rw, mm.MAP_SHARED | mm.MAP_LOCKED));
    };
    expect([lock(0n), lock(page), lock(2n * page)]).toEqual(['EPERM', 'EAGAIN', 'ok']);
  });

  test('S2.4 the offset of a device is checked from 4.17 on', () => {
    const far = (version: string): string =>
      brief(
        map(
          bench(() => 0, { version }),
          1,
          rw,
          mm.MAP_SHARED,
          { offset: (1n << 64n) - 2n * page, length: 2n * page },
        ),
      );
    expect([far('4.12'), far('4.17')]).toEqual(['ok', 'EOVERFLOW']);
  });

  test('S2.7 both handlers are warned about once', () => {
    const system = machine('6.16');
    const process = system.createProcess();
    const ops: mm.FileOps = { table: 'fops', mmap: () => 0, mmap_prepare: () => 0 };
    const file = system.openFile({ name: '/dev/test', ops, read: true, write: true });
    const results = [1, 2].map(() => mm.mmap(process, { file, length: page, prot: rw, flags: mm.MAP_SHARED }));
    expect(results.map((result) => [brief(result), problems(result)])).toEqual([
      ['ENODEV', ['warning']],
      ['ENODEV', []],
    ]);
  });
});

describe('S3 around the handler', () => {
  test.each([
    ['6.1', 'ENOMEM'],
    ['6.12', 'EINVAL'],
  ])('S3.10 on %s an old mapping that may not be split fails MAP_FIXED with %s', (version, expected) => {
    const b = bench((vma) => noting(mm.assignVmaField(vma, 'vm_ops', { table: 'ops', may_split: () => -mm.errno.EINVAL }), 0), { version });
    const a = mapped(map(b, 2));
    expect(brief(map(b, 1, rw, mm.MAP_SHARED | mm.MAP_FIXED, { address: a }))).toBe(expected);
  });

  test.each([
    ['5.8', 2],
    ['5.9', 1],
  ])('S3.2 on %s two mappings whose handler changes plain flags are %i', (version, count) => {
    const b = bench((vma) => noting(mm.assignVmaField(vma, 'vm_flags', vma.vm_flags | mm.VM_DONTCOPY), 0), { version });
    const top = mapped(map(b, 1, rw, mm.MAP_SHARED, { offset: 0n }));
    map(b, 1, rw, mm.MAP_SHARED | mm.MAP_FIXED, { address: top + page, offset: page });
    expect(b.process.vmas.length).toBe(count);
  });
});

describe('S6 and S13 locks', () => {
  test.each([
    ['4.19', 'write'],
    ['4.20', 'read'],
  ])('S13.1 on %s close runs in munmap(2) with the mmap lock held: %s', (version, lock) => {
    const held: string[] = [];
    const b = bench((vma) => noting(mm.assignVmaField(vma, 'vm_ops', { table: 'ops', close: () => held.push(b.process.mmapLock) }), 0), {
      version,
    });
    mm.munmap(b.process, mapped(map(b, 1)), page);
    expect(held).toEqual([lock]);
  });

  test('S13.2 whoever takes the mmap lock, or calls what takes it, inside a handler waits for itself', () => {
    const run = (call: (process: mm.Mm) => unknown): string => {
      const b = bench((vma) => noting(call(vma.vm_mm), 0));
      return brief(map(b, 1));
    };
    expect(run((process) => mm.mmap_read_lock(process))).toBe('deadlock');
    expect(run((process) => mm.vm_munmap(process, 0x10000n, page))).toBe('deadlock');
    expect(run((process) => mm.getUserPagesFast(process, 0x10000n, 1, {}))).toBe('deadlock');
  });
});

describe('S9 and S10', () => {
  test('S9.5 an unprivileged program may not take all rights from entries of high addresses, on a processor with L1TF', () => {
    const revoke = (pfn: bigint, l1tf: boolean): string => {
      const system = machine('6.12', { l1tf });
      const process = system.createProcess();
      const mmap = (_file: mm.MmFile, vma: mm.Vma): number => mm.remap_pfn_range(vma, vma.vm_start, pfn, page, vma.vm_page_prot);
      const file = system.openFile({ name: '/dev/test', ops: { table: 'fops', mmap }, read: true, write: true });
      mm.addDeviceRegion(system, { bytes: page, label: 'bar', physical: pfn << mm.PAGE_SHIFT });
      const a = mapped(mm.mmap(process, { file, length: page, prot: rw, flags: mm.MAP_SHARED }));
      return brief(mm.mprotect(process, a, page, mm.PROT_NONE));
    };
    expect([revoke(1n << 33n, true), revoke(1n << 33n, false), revoke(barPfn, true)]).toEqual(['EACCES', 'ok', 'ok']);
  });

  test('S10.2 advice is as old as it is, and MADV_MERGEABLE marks private memory alone', () => {
    const advise = (version: string, advice: mm.Madvice, flags: number): string => {
      const b = bench(() => 0, { version });
      const a = mapped(map(b, 1, rw, flags));
      return `${brief(mm.madvise(b.process, a, page, advice))} ${vmaAt(b, a).vm_flags & mm.VM_MERGEABLE ? 'mg' : '-'}`;
    };
    expect([
      advise('5.13', 'POPULATE_READ', mm.MAP_SHARED),
      advise('4.4', 'FREE', mm.MAP_SHARED),
      advise('5.3', 'COLD', mm.MAP_SHARED),
    ]).toEqual(['EINVAL -', 'EINVAL -', 'EINVAL -']);
    expect([advise('6.12', 'MERGEABLE', mm.MAP_PRIVATE), advise('6.12', 'MERGEABLE', mm.MAP_SHARED)]).toEqual(['ok mg', 'ok -']);
  });

  test.each([
    ['5.5', 1],
    ['5.6', 1024],
  ])('S10.4 on %s a pin adds %i to the count until it is given back', (version, weight) => {
    const b = pageBench(version);
    const a = mapped(map(b, 1));
    const flags = { pin: true, write: true };
    const got = mm.get_user_pages(b.process, a, 1, flags);
    expect([got.pfns, mm.referenceCount(b.system, Number(b.pfn))]).toEqual([[b.pfn], 2 + weight]);
    mm.putUserPages(b.process, got.pfns, flags);
    expect([mm.referenceCount(b.system, Number(b.pfn)), mm.pageFlags(b.system, Number(b.pfn))]).toEqual([2, ['dirty']]);
  });

  test('S10.4 a special entry of a mixed mapping has no page to give, and long pins may not pass page_mkwrite by', () => {
    const b = bench((vma) => {
      mm.vm_flags_set(vma, mm.VM_MIXEDMAP);
      return mm.vmf_insert_mixed(vma, vma.vm_start, barPfn) === mm.VM_FAULT_NOPAGE ? 0 : -mm.errno.EINVAL;
    });
    mm.addDeviceRegion(b.system, { bytes: page, label: 'bar', physical: barPfn << mm.PAGE_SHIFT });
    expect(brief(mm.get_user_pages(b.process, mapped(map(b, 1)), 1))).toBe('EEXIST');
    const asked = pageBench('6.12', { table: 'ops', page_mkwrite: () => mm.VM_FAULT_LOCKED });
    const a = mapped(map(asked, 1));
    const pin = (longterm: boolean): string => brief(mm.get_user_pages(asked.process, a, 1, { write: true, pin: true, longterm }));
    expect([pin(true), pin(false)]).toEqual(['EFAULT', 'ok']);
  });

  test('S10.4 a driver that gets pages without the mmap lock is reported, the _fast variant is not', () => {
    const b = pageBench();
    const a = mapped(map(b, 1));
    const slow = mm.getUserPages(b.process, a, 1, {});
    expect([slow.result, b.system.takeProblems().map((problem) => problem.kind)]).toEqual([1, ['lock-not-held']]);
    const fast = mm.getUserPagesFast(b.process, a, 1, {});
    expect([fast.result, b.system.takeProblems()]).toEqual([1, []]);
    mm.releaseUserPages(b.system, [...slow.pfns, ...fast.pfns], {}, false);
    expect(mm.referenceCount(b.system, Number(b.pfn))).toBe(2);
  });

  test('S10.5 a forced write through /proc/PID/mem reaches a private copy, not the page of the driver', () => {
    const b = bench((vma) => {
      const fault = (vmf: mm.VmFault): number => {
        mm.get_page(b.system, pfn);
        vmf.page = pfn;
        return 0;
      };
      vma.vm_ops = { table: 'ops', fault };
      return 0;
    });
    const pfn = freshPage(b);
    const write = (flags: number): string => {
      const a = mapped(map(b, 1, mm.PROT_READ, flags));
      return brief(mm.accessRemote(b.process, a, Uint8Array.of(7), true));
    };
    expect([write(mm.MAP_PRIVATE), write(mm.MAP_SHARED)]).toEqual(['ok', 'EIO']);
    expect(b.system.memory.read(Number(pfn), 0, 1).bytes[0]).toBe(0);
  });

  test('S10.9 entries go by the offset in the file, in every mapping of it', () => {
    const b = barBench();
    const a = mapped(map(b, 4));
    const other = mapped(map(b, 2, rw, mm.MAP_SHARED, { offset: 2n * page }));
    mm.unmap_mapping_range(b.file.mapping, 2n * page, page, true);
    const present = (address: bigint): boolean => b.process.table.get(mm.pageOf(address)) !== undefined;
    expect([0n, 1n, 2n, 3n].map((index) => present(a + index * page))).toEqual([true, true, false, true]);
    expect([present(other), present(other + page)]).toEqual([false, true]);
  });
});

describe('S11 and S12 cache types', () => {
  const reserved = (b: Bench): (string | undefined)[] => [0n, 1n, 2n].map((index) => b.system.memoryTypes.ofDevice(Number(barPfn + index)));

  test.each([
    ['6.12', ['uncached-minus', undefined, undefined]],
    ['6.16', [undefined, undefined, undefined]],
  ] as const)('S11.5 on %s what is still reserved after the first page was unmapped before the others', (version, expected) => {
    const b = barBench(version);
    const a = mapped(map(b, 3));
    mm.munmap(b.process, a, page);
    mm.munmap(b.process, a + page, 2n * page);
    expect(reserved(b)).toEqual(expected);
  });

  test('S11.5 up to 6.15 the first zap gives the whole reservation back and clears the flag', () => {
    const b = barBench();
    const a = mapped(map(b, 3));
    expect(vmaAt(b, a).vm_flags & mm.VM_PAT).toBe(mm.VM_PAT);
    mm.zap_vma_ptes(vmaAt(b, a), a, page);
    expect([vmaAt(b, a).vm_flags & mm.VM_PAT, reserved(b)]).toEqual([0n, [undefined, undefined, undefined]]);
    expect(problems(mm.munmap(b.process, a, 3n * page))).toEqual([]);
  });

  test('S12.1 a range with two types in force cannot have one', () => {
    const b = barBench();
    const [first, rest] = [0n, 1n].map((index) => (barPfn + index) << mm.PAGE_SHIFT);
    expect(mm.ioremap(b.system, first ?? 0n, page, 'write-combining') && mm.ioremap(b.system, rest ?? 0n, page, 'uncached')).toBe(true);
    expect([brief(map(b, 2)), mm.ioremap(b.system, first ?? 0n, 2n * page)]).toEqual(['EINVAL', false]);
  });

  test('S12.3 vmf_insert_pfn takes the type in force: uncached where nobody has reserved one, write-back below 1 MiB', () => {
    const typeOf = (pfn: bigint, reserve: boolean): string => {
      const b = bench((vma) => {
        mm.vm_flags_set(vma, mm.VM_PFNMAP);
        mm.assignVmaField(vma, 'vm_page_prot', mm.pgprot_writecombine(vma.vm_page_prot));
        return mm.vmf_insert_pfn(vma, vma.vm_start, pfn) === mm.VM_FAULT_NOPAGE ? 0 : -mm.errno.EINVAL;
      });
      mm.addDeviceRegion(b.system, { bytes: page, label: 'bar', physical: pfn << mm.PAGE_SHIFT });
      if (reserve) mm.ioremap(b.system, pfn << mm.PAGE_SHIFT, page, 'write-combining');
      return mm.cacheTypeOf(b.process.table.get(mm.pageOf(mapped(map(b, 1))))?.prot ?? 0n);
    };
    expect([typeOf(barPfn, false), typeOf(barPfn, true), typeOf(0xb8n, false)]).toEqual([
      'uncached-minus',
      'write-combining',
      'write-back',
    ]);
  });
});

describe('memory', () => {
  test('a page that was freed while somebody still held a reference is a leak once nothing maps it', () => {
    const b = pageBench();
    const allocation = b.system.memory.owner(Number(b.pfn));
    const a = mapped(map(b, 1));
    mm.get_page(b.system, b.pfn);
    if (allocation) mm.freeAllocation(b.system, allocation, '__free_page');
    mm.reportLeaks(b.system, false);
    expect(b.system.takeProblems()).toEqual([]);
    mm.munmap(b.process, a, page);
    mm.reportLeaks(b.system, false);
    expect(b.system.takeProblems().map((problem) => problem.kind)).toEqual(['leak']);
  });

  test('page flags: head and tail of a block, slab, reserved, LRU', () => {
    const { system, process } = bench(() => 0);
    const flags = (allocation: mm.Allocation, index: number): readonly string[] =>
      mm.pageFlags(system, Number(mm.pfnAt(allocation, index)));
    const block = mm.alloc_pages(system, { order: 1, label: 'block', compound: true });
    expect([flags(block, 0), flags(block, 1)]).toEqual([['head'], ['tail']]);
    expect(flags(mm.kmalloc(system, { bytes: 64n, label: 'object' }), 0)).toEqual(['slab']);
    expect(flags(mm.addReservedRegion(system, { bytes: page, label: 'carveout' }), 0)).toEqual(['reserved']);
    const a = mapped(mm.mmap(process, { length: page, prot: rw, flags: mm.MAP_PRIVATE | mm.MAP_ANONYMOUS }));
    mm.access(process, a, 'write');
    expect(mm.pageFlags(system, process.table.get(mm.pageOf(a))?.pfn ?? 0)).toEqual(['lru']);
  });

  test.each([
    ['4.17', 'bad-page-state'],
    ['4.18', undefined],
  ])('on %s a slab page of its own, mapped by a fault handler: %s', (version, kind) => {
    const b = bench(
      (vma) => {
        const fault = (vmf: mm.VmFault): number => {
          mm.get_page(b.system, pfn);
          vmf.page = pfn;
          return 0;
        };
        vma.vm_ops = { table: 'ops', fault };
        return 0;
      },
      { version },
    );
    const pfn = mm.pfnAt(mm.kmalloc(b.system, { bytes: page, label: 'object', zero: true }), 0) ?? 0n;
    expect(problems(mm.access(b.process, mapped(map(b, 1)), 'read'))[0]).toBe(kind);
  });

  test('vm_mmap and vm_brk make mappings of the program, where no lock is held', () => {
    const { process } = bench(() => 0);
    const a = mm.vm_mmap(process, { length: page, prot: rw, flags: mm.MAP_PRIVATE | mm.MAP_ANONYMOUS });
    expect([process.vmas.length, mm.vm_munmap(process, a, page), process.vmas.length]).toEqual([1, 0, 0]);
    expect([mm.vm_brk(process, 0x10_0000n, 2n * page), process.vmas[0]?.vm_end]).toEqual([0, 0x10_0000n + 2n * page]);
    expect(mm.vm_mmap(process, { length: page, prot: rw, flags: mm.MAP_PRIVATE | mm.MAP_ANONYMOUS, offset: 1n })).toBe(
      BigInt(-mm.errno.EINVAL),
    );
  });
});
