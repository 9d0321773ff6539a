/** Section 3b of the semantics: mmap_prepare and its actions. */
import { describe, expect, test } from 'vitest';
import * as mm from '../../server/src/mm/index.ts';
import { type Bench, brief, machine, mapped, page, rw, vmaAt } from './bench.ts';

function prepareBench(handler: (desc: mm.VmAreaDesc) => number, version = '7.1'): Bench {
  const system = machine(version);
  const process = system.createProcess();
  const ops: mm.FileOps = { table: 'fops', mmap_prepare: handler };
  return { system, process, file: system.openFile({ name: '/dev/test', ops, read: true, write: true }) };
}

const request = (b: Bench, pages: number, more: Partial<mm.MmapRequest> = {}): mm.UserResult =>
  mm.mmap(b.process, { file: b.file, length: BigInt(pages) * page, prot: rw, flags: mm.MAP_SHARED, ...more });

describe('S3b mmap_prepare', () => {
  test('S3.20 an error leaves nothing behind, and before 6.16 the slot does not exist', () => {
    const b = prepareBench(() => -mm.errno.EPERM);
    expect(brief(request(b, 1))).toBe('EPERM');
    expect([b.process.vmas.length, b.file.references]).toEqual([0, 1]);
    const merged = prepareBench(() => 0);
    expect(merged.process.vmas.length).toBe(0);
  });

  test('S3.21 flags, ops and private data come from the description', () => {
    const ops: mm.VmOps = { table: 'ops' };
    const b = prepareBench((desc) => {
      desc.vm_ops = ops;
      desc.private_data = 'data';
      desc.vm_flags |= mm.VM_DONTCOPY;
      return 0;
    });
    const vma = vmaAt(b, mapped(request(b, 1)));
    expect([vma.vm_ops, vma.vm_private_data, vma.vm_flags & mm.VM_DONTCOPY]).toEqual([ops, 'data', mm.VM_DONTCOPY]);
    expect(b.file.references).toBe(2);
  });

  test('S3.21 a description without operations keeps the empty ones', () => {
    const b = prepareBench((desc) => {
      desc.vm_ops = undefined;
      return 0;
    });
    expect(vmaAt(b, mapped(request(b, 1))).vm_ops).toBe(mm.vma_dummy_vm_ops);
  });

  test('S3.21 and S3.24 a remap action sets the flags before and writes the entries after', () => {
    const b = prepareBench((desc) => {
      mm.mmap_action_remap_full(desc, pfn);
      return 0;
    });
    const pfn = mm.pfnAt(mm.addDeviceRegion(b.system, { bytes: 2n * page, label: 'bar' }), 0) ?? 0n;
    const a = mapped(request(b, 2));
    expect(vmaAt(b, a).vm_flags & mm.VM_REMAP_FLAGS).toBe(mm.VM_REMAP_FLAGS);
    expect(brief(mm.access(b.process, a + page, 'write'))).toBe('ok');
  });

  test('S3.24 an action outside the vma gives EFAULT, part of a COW mapping EINVAL', () => {
    const outside = prepareBench((desc) => {
      mm.mmap_action_remap(desc, desc.start, 0x80000n, desc.end - desc.start + page);
      return 0;
    });
    expect(brief(request(outside, 2))).toBe('EFAULT');
    const part = prepareBench((desc) => {
      mm.mmap_action_remap(desc, desc.start, 0x80000n, page);
      return 0;
    });
    expect(brief(request(part, 2, { flags: mm.MAP_PRIVATE }))).toBe('EINVAL');
    const whole = prepareBench((desc) => {
      mm.mmap_action_remap_full(desc, 0x80000n);
      return 0;
    });
    expect(vmaAt(whole, mapped(request(whole, 2, { flags: mm.MAP_PRIVATE }))).vm_pgoff).toBe(0x80000n);
  });

  test('S3.22 when the success hook fails, the live vma is unmapped and close is called', () => {
    const calls: string[] = [];
    const b = prepareBench((desc) => {
      desc.vm_ops = { table: 'ops', close: () => calls.push('close'), open: () => calls.push('open') };
      desc.success_hook = () => -mm.errno.EIO;
      return 0;
    });
    expect(brief(request(b, 1))).toBe('EIO');
    expect([calls, b.process.vmas.length, b.file.references]).toEqual([['close'], 0, 1]);
  });

  test('S3.23 open is not called for the first mapping; mapped is, from 7.0 on', () => {
    const calls = (version: string): string[] => {
      const seen: string[] = [];
      const b = prepareBench((desc) => {
        desc.vm_ops = { table: 'ops', open: () => seen.push('open'), mapped: () => seen.push('mapped') * 0 };
        return 0;
      }, version);
      mapped(request(b, 1));
      return seen;
    };
    expect(calls('6.19')).toEqual([]);
    expect(calls('7.1')).toEqual(['mapped']);
  });

  test('the bounds of a simple ioremap are those of vm_iomap_memory', () => {
    const results = [0n, 1n, 2n].map((pgoff) => {
      const b = prepareBench((desc) => {
        mm.mmap_action_simple_ioremap(desc, 0x8100_0000n, 2n * page);
        return 0;
      });
      mm.addDeviceRegion(b.system, { bytes: 2n * page, label: 'bar', physical: 0x8100_0000n });
      return brief(request(b, 1, { offset: pgoff * page }));
    });
    expect(results).toEqual(['ok', 'ok', 'EINVAL']);
  });

  test('kernel pages are counted and make the vma mixed', () => {
    const b = prepareBench((desc) => {
      mm.mmap_action_map_kernel_pages_full(desc, [pfn]);
      return 0;
    });
    const pfn = mm.pfnAt(mm.alloc_pages(b.system, { order: 0, label: 'buffer' }), 0) ?? 0n;
    const a = mapped(request(b, 1));
    expect(vmaAt(b, a).vm_flags & mm.VM_MIXEDMAP).toBe(mm.VM_MIXEDMAP);
    expect(b.system.memory.page(Number(pfn))).toMatchObject({ refcount: 2, mapcount: 1 });
  });
});
