/** Section 3 of the semantics: what happens around f_op->mmap. */
import { describe, expect, test } from 'vitest';
import * as mm from '../../server/src/mm/index.ts';
import { bench, brief, map, mapped, noting, page, problems, rw, vmaAt } from './bench.ts';

describe('S3 around the mmap handler', () => {
  test('S3.1 a private writable mapping is charged, and the new vma is soft-dirty', () => {
    const b = bench(() => 0);
    const shared = vmaAt(b, mapped(map(b, 1)));
    const secret = vmaAt(b, mapped(map(b, 1, rw, mm.MAP_PRIVATE)));
    expect(shared.vm_flags & (mm.VM_ACCOUNT | mm.VM_SOFTDIRTY)).toBe(mm.VM_SOFTDIRTY);
    expect(secret.vm_flags & (mm.VM_ACCOUNT | mm.VM_SOFTDIRTY)).toBe(mm.VM_ACCOUNT | mm.VM_SOFTDIRTY);
  });

  test('S3.2 a neighbour with equal flags and the next offset grows, and the handler is not called', () => {
    let calls = 0;
    const b = bench(() => {
      calls += 1;
      return 0;
    });
    const a = mapped(map(b, 1, rw, mm.MAP_SHARED, { address: 0x1000_0000n }));
    b.system.log.drain();
    mapped(map(b, 1, rw, mm.MAP_SHARED, { address: a + page, offset: page }));
    expect(calls).toBe(1);
    expect(b.process.vmas.length).toBe(1);
    expect(b.system.log.drain()).toContainEqual(expect.objectContaining({ kind: 'vma-merged', handler: 'not-called', start: a + page }));
  });

  test('S3.2 a special flag of the handler keeps neighbours apart', () => {
    let calls = 0;
    const b = bench((vma) => {
      calls += 1;
      mm.vm_flags_set(vma, mm.VM_DONTEXPAND);
      return 0;
    });
    const a = mapped(map(b, 1, rw, mm.MAP_SHARED, { address: 0x1000_0000n }));
    mapped(map(b, 1, rw, mm.MAP_SHARED, { address: a + page, offset: page }));
    expect([calls, b.process.vmas.length]).toEqual([2, 2]);
  });

  test.each([
    ['6.1', 2],
    ['6.4', 1],
    ['6.12', 1],
  ])('S3.2 close keeps the neighbour from growing up to 6.3 only (%s)', (version, vmas) => {
    const b = bench(
      (vma) => {
        vma.vm_ops = { table: 'ops', close: () => {} };
        return 0;
      },
      { version },
    );
    const a = mapped(map(b, 1, rw, mm.MAP_SHARED, { address: 0x1000_0000n }));
    mapped(map(b, 1, rw, mm.MAP_SHARED, { address: a + page, offset: page }));
    expect(b.process.vmas.length).toBe(vmas);
  });

  test('S3.3 and S3.4 the handler sees a vma that nobody else sees, with the fields set', () => {
    let seen: unknown;
    const b = bench((vma) => {
      const { vm_start, vm_end, vm_pgoff, vm_ops, vm_private_data, vm_file } = vma;
      seen = [
        vm_end - vm_start,
        vm_pgoff,
        vm_ops,
        vm_private_data,
        vm_file === b.file,
        mm.find_vma(b.process, vm_start),
        b.process.mmapLock,
      ];
      expect(vma.vm_page_prot).toBe(mm.vm_get_page_prot(vma.vm_flags));
      return 0;
    });
    mapped(map(b, 2, rw, mm.MAP_SHARED, { offset: 3n * page }));
    expect(seen).toEqual([2n * page, 3n, mm.vma_dummy_vm_ops, undefined, true, undefined, 'write']);
  });

  test('S3.5 VM_MAYWRITE that was cleared must not come back', () => {
    const b = bench(
      (vma) => {
        mm.vm_flags_set(vma, mm.VM_MAYWRITE);
        return 0;
      },
      { write: false },
    );
    expect(problems(map(b, 1, mm.PROT_READ))).toEqual(['bad-vma-change']);
  });

  test('S3.5 moving vm_start is warned about', () => {
    const b = bench((vma) => {
      mm.assignVmaField(vma, 'vm_start', vma.vm_start - page);
      return 0;
    });
    expect(problems(map(b, 1))).toContain('warning');
  });

  test('S3.6 the error of the handler is the result, and a positive number comes back as an address', () => {
    expect(
      brief(
        map(
          bench(() => -mm.errno.ENXIO),
          1,
        ),
      ),
    ).toBe('ENXIO');
    const odd = map(
      bench(() => 22),
      1,
    );
    expect(odd.outcome).toEqual({ kind: 'ok', value: 22n });
    expect(problems(odd)).toEqual(['bad-return']);
    const huge = map(
      bench(() => -5000),
      1,
    );
    expect(huge.outcome).toEqual({ kind: 'ok', value: (1n << 64n) - 5000n });
  });

  test('S3.7 and S3.8 a failing handler: entries go, references come back, close is not called', () => {
    const calls: string[] = [];
    const b = bench((vma) => {
      vma.vm_ops = { table: 'ops', close: () => calls.push('close') };
      expect(mm.vm_insert_page(vma, vma.vm_start, pfn)).toBe(0);
      return -mm.errno.ENODEV;
    });
    const pfn = mm.pfnAt(mm.alloc_pages(b.system, { order: 0, label: 'buffer' }), 0) ?? 0n;
    b.system.log.drain();
    expect(brief(map(b, 2))).toBe('ENODEV');
    expect(calls).toEqual([]);
    expect(b.system.memory.page(Number(pfn))).toMatchObject({ refcount: 1, mapcount: 0 });
    expect([b.process.rss.file, b.process.vmas.length, b.file.references, b.process.table.runs.length]).toEqual([0, 0, 1, 0]);
    const removed = b.system.log.drain().find((event) => event.kind === 'vma-removed');
    expect(removed).toMatchObject({ reason: 'mmap-failed' });
  });

  test('S3.10 MAP_FIXED closes the old mapping before the new handler runs, and a failure leaves a hole', () => {
    const calls: string[] = [];
    let result = 0;
    const b = bench((vma) => {
      calls.push('mmap');
      vma.vm_ops = { table: 'ops', close: () => calls.push('close') };
      mm.vm_flags_set(vma, mm.VM_DONTEXPAND);
      return result;
    });
    const a = mapped(map(b, 1));
    result = -mm.errno.EINVAL;
    expect(brief(map(b, 1, rw, mm.MAP_SHARED | mm.MAP_FIXED, { address: a }))).toBe('EINVAL');
    expect(calls).toEqual(['mmap', 'close', 'mmap']);
    expect(b.process.lookup(a)).toBeUndefined();
  });

  test('S3.11 MAP_POPULATE faults in what is no PFN mapping, and its errors do not reach mmap', () => {
    let faults = 0;
    const populate = (flags: bigint, fault: number) => {
      faults = 0;
      const b = bench((vma) => {
        mm.vm_flags_set(vma, flags);
        vma.vm_ops = { table: 'ops', fault: () => noting(++faults, fault) };
        return 0;
      });
      const result = brief(map(b, 3, rw, mm.MAP_SHARED | mm.MAP_POPULATE));
      return [result, faults];
    };
    expect(populate(mm.VM_MIXEDMAP, mm.VM_FAULT_SIGBUS)).toEqual(['ok', 1]);
    expect(populate(mm.VM_PFNMAP, mm.VM_FAULT_SIGBUS)).toEqual(['ok', 0]);
  });

  test('a shared writable vma whose ops want to be told of writes gets a read-only protection afterwards', () => {
    const b = bench((vma) => {
      vma.vm_ops = { table: 'ops', page_mkwrite: () => mm.VM_FAULT_LOCKED };
      return 0;
    });
    expect(mm.isWritable(vmaAt(b, mapped(map(b, 1))).vm_page_prot)).toBe(false);
  });
});
