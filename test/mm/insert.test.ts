/** Section 5 of the semantics: the calls that put memory into a mapping. */
import { describe, expect, test } from 'vitest';
import * as mm from '../../server/src/mm/index.ts';
import { type Bench, bench, brief, map, mapped, page, problems, rw, vmaAt } from './bench.ts';

const bar = 0x8100_0000n;
const barPfn = bar >> mm.PAGE_SHIFT;

function barBench(handler: (vma: mm.Vma) => number, options: { version?: string; write?: boolean } = {}): Bench {
  const b = bench(handler, options);
  mm.addDeviceRegion(b.system, { bytes: 8n * page, label: 'bar', physical: bar });
  return b;
}

/** Runs `call` as the mmap handler of a mapping of `pages` pages and gives its result and the mapping's. */
function inHandler(
  call: (vma: mm.Vma, b: Bench) => number,
  options: { pages?: number; version?: string; flags?: number; offset?: bigint } = {},
) {
  const seen: { result?: number } = {};
  const b: Bench = barBench((vma) => {
    seen.result = call(vma, b);
    return seen.result < 0 ? seen.result : 0;
  }, options);
  const result = map(
    b,
    options.pages ?? 2,
    rw,
    options.flags ?? mm.MAP_SHARED,
    options.offset === undefined ? {} : { offset: options.offset },
  );
  return { b, result, returned: seen.result, how: brief(result) };
}

describe('S5 remap_pfn_range', () => {
  test('special entries, no counts, and four flags', () => {
    const { b, result } = inHandler((vma) => mm.remap_pfn_range(vma, vma.vm_start, barPfn, mm.vmaSize(vma), vma.vm_page_prot));
    const a = mapped(result);
    expect(b.process.table.runs).toEqual([
      { start: mm.pageOf(a), end: mm.pageOf(a) + 2, value: expect.objectContaining({ pfn: Number(barPfn), step: 1, special: true }) },
    ]);
    expect(vmaAt(b, a).vm_flags & mm.VM_REMAP_FLAGS).toBe(mm.VM_IO | mm.VM_PFNMAP | mm.VM_DONTEXPAND | mm.VM_DONTDUMP);
    expect(b.process.rss).toEqual({ file: 0, anonymous: 0, shmem: 0 });
    expect(result.problems).toEqual([]);
  });

  test('S5.1 remapping the same address is a BUG, after the entries before it', () => {
    const { b, how, result } = inHandler((vma) => {
      mm.remap_pfn_range(vma, vma.vm_start + page, barPfn, page, vma.vm_page_prot);
      return mm.remap_pfn_range(vma, vma.vm_start, barPfn, 2n * page, vma.vm_page_prot);
    });
    expect(how).toBe('bug');
    expect(result.problems.at(-1)).toMatchObject({ rule: 'S5.1', kernelLog: expect.stringContaining('kernel BUG at mm/memory.c') });
    expect(b.process.table.pages).toBe(2);
  });

  test('S5.2 size 0 is a BUG; a size that wraps meets memory of another cache type first', () => {
    const sized = (size: bigint): string => inHandler((vma) => mm.remap_pfn_range(vma, vma.vm_start, barPfn, size, vma.vm_page_prot)).how;
    expect([sized(0n), sized((1n << 64n) - page)]).toEqual(['bug', 'EINVAL']);
  });

  test('an unaligned address is warned about once and gives EINVAL; the size is rounded up', () => {
    const odd = inHandler((vma) => mm.remap_pfn_range(vma, vma.vm_start + 1n, barPfn, page, vma.vm_page_prot));
    expect([odd.how, problems(odd.result)]).toEqual(['EINVAL', ['warning']]);
    expect(inHandler((vma) => mm.remap_pfn_range(vma, vma.vm_start, barPfn, 1n, vma.vm_page_prot)).b.process.table.pages).toBe(1);
  });

  test('S5.3 entries past the end of the vma reach whoever reads there', () => {
    const { b, result } = inHandler((vma) => mm.remap_pfn_range(vma, vma.vm_start, barPfn, 4n * page, vma.vm_page_prot));
    expect(problems(result)).toEqual(['outside-vma']);
    const beyond = mm.access(b.process, mapped(result) + 3n * page, 'read');
    expect([brief(beyond), problems(beyond)]).toEqual(['ok', ['outside-vma']]);
  });

  test('S5.4 the rest of a vma that was remapped in part is a hole', () => {
    const { b, result } = inHandler((vma) => mm.remap_pfn_range(vma, vma.vm_start, barPfn, page, vma.vm_page_prot));
    expect(brief(mm.access(b.process, mapped(result) + page, 'read'))).toBe('SIGBUS');
  });

  test.each(['6.12', '7.1'])('S5.5 a COW mapping must be covered whole, and vm_pgoff is the pfn afterwards (%s)', (version) => {
    const part = inHandler((vma) => mm.remap_pfn_range(vma, vma.vm_start, barPfn, page, vma.vm_page_prot), {
      flags: mm.MAP_PRIVATE,
      version,
    });
    expect(part.how).toBe('EINVAL');
    const whole = inHandler((vma) => mm.remap_pfn_range(vma, vma.vm_start, barPfn, mm.vmaSize(vma), vma.vm_page_prot), {
      flags: mm.MAP_PRIVATE,
      version,
    });
    const vma = vmaAt(whole.b, mapped(whole.result));
    expect(vma.vm_pgoff).toBe(barPfn);
    expect(mm.mapsLine(vma)).toContain(` ${bar.toString(16)} `);
    mm.unmap_mapping_range(whole.b.file.mapping, 0n, 0x1000_0000n, true);
    expect(whole.b.process.table.pages).toBe(2);
  });

  test('a failing call leaves the flags behind, also when nothing was mapped', () => {
    const flags: bigint[] = [];
    inHandler((vma) => {
      mm.remap_pfn_range(vma, vma.vm_start, barPfn, page, vma.vm_page_prot);
      const result = mm.remap_pfn_range(vma, vma.vm_start + page + 1n, barPfn, page, vma.vm_page_prot);
      flags.push(vma.vm_flags & mm.VM_REMAP_FLAGS);
      return result;
    });
    expect(flags).toEqual([mm.VM_REMAP_FLAGS]);
  });

  test('memory that is not the driver’s is named', () => {
    const foreign = inHandler((vma) => mm.remap_pfn_range(vma, vma.vm_start, 0x200000n, mm.vmaSize(vma), vma.vm_page_prot));
    expect(problems(foreign.result)).toEqual(['foreign-memory']);
    const slab = inHandler((vma, b) => {
      const object = mm.kmalloc(b.system, { bytes: 100n, label: 'priv', zero: true });
      return mm.remap_pfn_range(vma, vma.vm_start, mm.pfnAt(object, 0) ?? 0n, page, vma.vm_page_prot);
    });
    expect(slab.result.problems[0]?.message).toContain('priv and other objects');
    const scattered = inHandler((vma, b) => {
      const area = mm.vmalloc(b.system, { bytes: 2n * page, label: 'area' });
      return mm.remap_pfn_range(vma, vma.vm_start, mm.pfnAt(area, 0) ?? 0n, 2n * page, vma.vm_page_prot);
    });
    expect(scattered.result.problems.map((problem) => [problem.kind, problem.pages])).toEqual([['foreign-memory', 1]]);
  });
});

describe('S5 vm_iomap_memory', () => {
  test.each([
    ['fits', { offset: 0n, pages: 8 }, 'ok'],
    ['the last page', { offset: 7n * page, pages: 1 }, 'ok'],
    ['too long', { offset: 0n, pages: 9 }, 'EINVAL'],
    ['past the end', { offset: 7n * page, pages: 2 }, 'EINVAL'],
    ['far past the end', { offset: 9n * page, pages: 1 }, 'EINVAL'],
  ] as const)('%s', (_what, options, expected) => {
    expect(inHandler((vma) => mm.vm_iomap_memory(vma, bar, 8n * page), options).how).toBe(expected);
  });

  test('an unaligned start maps the bytes before it too, and a wrapping region is refused', () => {
    const { b, result } = inHandler((vma) => mm.vm_iomap_memory(vma, bar + 0x10n, page));
    expect(b.process.table.get(mm.pageOf(mapped(result)))?.pfn).toBe(Number(barPfn));
    expect(inHandler((vma) => mm.vm_iomap_memory(vma, (1n << 64n) - 1n, 2n)).how).toBe('EINVAL');
  });
});

describe('S5 vm_insert_page', () => {
  const insert = (make: (b: Bench) => bigint, more: { version?: string; at?: bigint; prepare?: (vma: mm.Vma) => void } = {}) =>
    inHandler((vma, b) => {
      more.prepare?.(vma);
      return mm.vm_insert_page(vma, vma.vm_start + (more.at ?? 0n), make(b));
    }, more);
  const fresh = (b: Bench): bigint => mm.pfnAt(mm.alloc_pages(b.system, { order: 0, label: 'buffer', zero: true }), 0) ?? 0n;

  test('counts, RSS and VM_MIXEDMAP', () => {
    const { b, result } = insert(fresh);
    const a = mapped(result);
    const pte = b.process.table.get(mm.pageOf(a));
    expect(pte).toMatchObject({ special: false });
    expect(b.system.memory.page(pte?.pfn ?? 0)).toMatchObject({ refcount: 2, mapcount: 1 });
    expect([b.process.rss.file, vmaAt(b, a).vm_flags & mm.VM_MIXEDMAP]).toEqual([1, mm.VM_MIXEDMAP]);
  });

  test.each([
    ['outside the vma', fresh, { at: 2n * page }, 'EFAULT'],
    ['a free page', () => 0x300000n, {}, 'EINVAL'],
    ['a slab page', (b: Bench) => mm.pfnAt(mm.kmalloc(b.system, { bytes: page, label: 'object' }), 0) ?? 0n, {}, 'EINVAL'],
    [
      'the page behind the first of a block',
      (b: Bench) => mm.pfnAt(mm.alloc_pages(b.system, { order: 1, label: 'block' }), 1) ?? 0n,
      {},
      'EINVAL',
    ],
    [
      'the page behind the first of a compound block',
      (b: Bench) => mm.pfnAt(mm.alloc_pages(b.system, { order: 1, label: 'block', compound: true }), 1) ?? 0n,
      {},
      'ok',
    ],
    ['device memory', () => barPfn, {}, 'oops'],
    ['a vma with VM_PFNMAP', fresh, { prepare: (vma: mm.Vma) => mm.vm_flags_set(vma, mm.VM_PFNMAP) }, 'bug'],
    [
      'a vma with VM_PFNMAP and VM_MIXEDMAP',
      fresh,
      { prepare: (vma: mm.Vma) => mm.vm_flags_set(vma, mm.VM_PFNMAP | mm.VM_MIXEDMAP) },
      'ok',
    ],
  ] as const)('%s', (_what, make, more, expected) => {
    expect(insert(make, more).how).toBe(expected);
  });

  test('S5.1 over a present entry: EBUSY, and split_page makes every page countable', () => {
    const { how } = inHandler((vma, b) => {
      const block = mm.alloc_pages(b.system, { order: 1, label: 'block' });
      mm.split_page(b.system, block);
      expect(mm.vm_insert_page(vma, vma.vm_start, mm.pfnAt(block, 1) ?? 0n)).toBe(0);
      return mm.vm_insert_page(vma, vma.vm_start, mm.pfnAt(block, 0) ?? 0n);
    });
    expect(how).toBe('EBUSY');
  });

  test('several pages: the whole range is checked first, an error keeps what came before it', () => {
    const left: number[] = [];
    const { b } = inHandler((vma, { system }) => {
      const buffer = mm.alloc_pages_exact(system, { bytes: 3n * page, label: 'buffer' });
      const pfns = [0, 1, 2].map((index) => mm.pfnAt(buffer, index) ?? 0n);
      left.push(mm.vm_insert_pages(vma, vma.vm_start, pfns).result);
      const two = mm.vm_insert_pages(vma, vma.vm_start, [pfns[0] ?? 0n, 0x300000n]);
      left.push(two.result, two.left);
      return 0;
    });
    expect(left).toEqual([-mm.errno.EFAULT, -mm.errno.EINVAL, 1]);
    expect(b.process.table.pages).toBe(1);
  });

  test('vm_map_pages checks vm_pgoff and length; vm_map_pages_zero ignores vm_pgoff', () => {
    const run = (call: typeof mm.vm_map_pages, offset: bigint, pages: number): string =>
      inHandler(
        (vma, b) => {
          const buffer = mm.alloc_pages_exact(b.system, { bytes: 3n * page, label: 'buffer' });
          return call(
            vma,
            [0, 1, 2].map((index) => mm.pfnAt(buffer, index) ?? 0n),
          );
        },
        { offset: offset * page, pages },
      ).how;
    expect([run(mm.vm_map_pages, 0n, 3), run(mm.vm_map_pages, 1n, 2), run(mm.vm_map_pages, 1n, 3), run(mm.vm_map_pages, 3n, 1)]).toEqual([
      'ok',
      'ok',
      'ENXIO',
      'ENXIO',
    ]);
    expect([run(mm.vm_map_pages_zero, 9n, 3), run(mm.vm_map_pages_zero, 0n, 4)]).toEqual(['ok', 'ENXIO']);
  });

  test('the page of zeros is refused from 6.11 on where it could become writable', () => {
    expect(insert(() => BigInt(mm.zeroPfn), { version: '6.12' }).how).toBe('EINVAL');
    expect(insert(() => BigInt(mm.zeroPfn), { version: '6.1' }).how).toBe('ok');
  });

  test('up to 6.10 a free page is refused before the flags are looked at', () => {
    const prepare = (vma: mm.Vma): void => mm.vm_flags_set(vma, mm.VM_PFNMAP);
    expect(insert(() => 0x300000n, { version: '6.1', prepare }).how).toBe('EINVAL');
    expect(insert(() => 0x300000n, { version: '6.12', prepare }).how).toBe('bug');
  });
});

describe('S5 remap_vmalloc_range', () => {
  test.each([
    ['a vmalloc_user area', true, 0n, 'ok'],
    ['a plain vmalloc area', false, 0n, 'EINVAL'],
    ['past its end', true, 1n, 'EINVAL'],
    ['an offset that overflows', true, 1n << 60n, 'EINVAL'],
  ] as const)('%s', (_what, user, pgoff, expected) => {
    const { how, b, result } = inHandler((vma, { system }) =>
      mm.remap_vmalloc_range(vma, mm.vmalloc(system, { bytes: 2n * page, label: 'area', user }), pgoff),
    );
    expect(how).toBe(expected);
    if (expected === 'ok') {
      expect(vmaAt(b, mapped(result)).vm_flags & mm.VM_SPECIAL).toBe(mm.VM_MIXEDMAP | mm.VM_DONTEXPAND);
    }
  });
});

describe('S5 dma_mmap_coherent', () => {
  test.each([
    [0n, 2, 'ok'],
    [1n, 1, 'ok'],
    [1n, 2, 'ENXIO'],
    [2n, 1, 'ENXIO'],
  ] as const)('vm_pgoff %i and %i pages of 2: %s', (offset, pages, expected) => {
    const { how } = inHandler(
      (vma, b) => mm.dma_mmap_coherent(vma, mm.dma_alloc_coherent(b.system, { bytes: 2n * page, label: 'ring' }), 2n * page),
      { offset: offset * page, pages },
    );
    expect(how).toBe(expected);
  });
});

describe('S5 entries from a fault handler', () => {
  const faulting = (flags: bigint, fault: (vmf: mm.VmFault) => number, more: { version?: string; mapFlags?: number } = {}): string => {
    const b = barBench((vma) => {
      mm.vm_flags_set(vma, flags);
      vma.vm_ops = { table: 'ops', fault };
      return 0;
    }, more);
    return brief(mm.access(b.process, mapped(map(b, 1, rw, more.mapFlags ?? mm.MAP_SHARED)), 'read'));
  };
  const insertBar = (vmf: mm.VmFault): number => mm.vmf_insert_pfn(vmf.vma, vmf.address, barPfn);

  test.each([
    ['VM_PFNMAP', mm.VM_PFNMAP, mm.MAP_SHARED, 'ok'],
    ['VM_MIXEDMAP', mm.VM_MIXEDMAP, mm.MAP_SHARED, 'ok'],
    ['neither', 0n, mm.MAP_SHARED, 'bug'],
    ['both', mm.VM_PFNMAP | mm.VM_MIXEDMAP, mm.MAP_SHARED, 'bug'],
    ['VM_PFNMAP in a COW mapping', mm.VM_PFNMAP, mm.MAP_PRIVATE, 'bug'],
  ])('vmf_insert_pfn with %s', (_what, flags, mapFlags, expected) => {
    expect(faulting(flags, insertBar, { mapFlags })).toBe(expected);
  });

  test('vmf_insert_pfn of RAM into a mixed vma is a BUG; outside the vma it is SIGBUS', () => {
    expect(faulting(mm.VM_MIXEDMAP, (vmf) => mm.vmf_insert_pfn(vmf.vma, vmf.address, 0x200000n))).toBe('bug');
    expect(faulting(mm.VM_PFNMAP, (vmf) => mm.vmf_insert_pfn(vmf.vma, vmf.vma.vm_end, barPfn))).toBe('SIGBUS');
  });

  test('S5.1 vmf_insert_pfn over an entry keeps the old one and counts as done', () => {
    const results: number[] = [];
    const { b, result } = inHandler((vma) => {
      mm.vm_flags_set(vma, mm.VM_PFNMAP);
      results.push(mm.vmf_insert_pfn(vma, vma.vm_start, barPfn), mm.vmf_insert_pfn(vma, vma.vm_start, barPfn + 1n));
      return 0;
    });
    expect(results).toEqual([mm.VM_FAULT_NOPAGE, mm.VM_FAULT_NOPAGE]);
    expect(b.process.table.get(mm.pageOf(mapped(result)))?.pfn).toBe(Number(barPfn));
  });

  test('vmf_insert_mixed without VM_MIXEDMAP is a BUG up to 6.8 and SIGBUS later', () => {
    const mixed = (vmf: mm.VmFault): number => mm.vmf_insert_mixed(vmf.vma, vmf.address, barPfn);
    expect([faulting(0n, mixed, { version: '6.1' }), faulting(0n, mixed), faulting(mm.VM_MIXEDMAP, mixed)]).toEqual([
      'bug',
      'SIGBUS',
      'ok',
    ]);
  });

  test('S13.5 vmf_insert_page from a fault needs VM_MIXEDMAP beforehand', () => {
    const run = (flags: bigint): string => {
      const b = bench((vma) => {
        mm.vm_flags_set(vma, flags);
        vma.vm_ops = { table: 'ops', fault: (vmf) => mm.vmf_insert_page(vmf.vma, vmf.address, pfn) };
        return 0;
      });
      const pfn = mm.pfnAt(mm.alloc_pages(b.system, { order: 0, label: 'buffer', zero: true }), 0) ?? 0n;
      return brief(mm.access(b.process, mapped(map(b, 1)), 'read'));
    };
    expect([run(0n), run(mm.VM_MIXEDMAP)]).toEqual(['bug', 'ok']);
  });

  test('vmf_insert_page_mkwrite maps writable and dirty', () => {
    const b = bench((vma) => {
      mm.vm_flags_set(vma, mm.VM_MIXEDMAP);
      vma.vm_ops = { table: 'ops', fault: (vmf) => mm.vmf_insert_page_mkwrite(vmf, pfn, true), page_mkwrite: () => mm.VM_FAULT_SIGBUS };
      return 0;
    });
    const pfn = mm.pfnAt(mm.alloc_pages(b.system, { order: 0, label: 'buffer', zero: true }), 0) ?? 0n;
    expect(brief(mm.access(b.process, mapped(map(b, 1)), 'write'))).toBe('ok');
  });

  test('S5.7 a special entry in a vma without VM_PFNMAP or VM_MIXEDMAP is reported when the kernel meets it', () => {
    const { b, result } = inHandler((vma) => {
      mm.remap_pfn_range(vma, vma.vm_start, barPfn, page, vma.vm_page_prot);
      mm.vm_flags_clear(vma, mm.VM_PFNMAP);
      return 0;
    });
    const unmapped = mm.munmap(b.process, mapped(result), 2n * page);
    expect(unmapped.problems[0]).toMatchObject({ kind: 'bad-page-map', kernelLog: expect.stringContaining('BUG: Bad page map') });
  });
});
