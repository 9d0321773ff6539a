/** Large entries of drivers: what cuts them, and what moves with them. */
import { describe, expect, test } from 'vitest';
import * as mm from '../../server/src/mm/index.ts';
import { type Bench, bench, brief, map, mapped, page, rw } from './bench.ts';

const start = 0x4000_0000n;
const large = 512n * page;

/** Two large entries in a shared mapping, both there. */
function hugeBench(version = '6.12'): Bench {
  let pfn = 0n;
  const b = bench(
    (vma) => {
      mm.vm_flags_set(vma, mm.VM_PFNMAP);
      const huge_fault = (vmf: mm.VmFault, order: number): number => {
        if (order !== 9) return mm.VM_FAULT_FALLBACK;
        const at = vmf.address - (vmf.address % large);
        return mm.vmf_insert_pfn_pmd(vmf, pfn + ((at - start) >> mm.PAGE_SHIFT), true);
      };
      vma.vm_ops = { table: 'ops', fault: () => mm.VM_FAULT_SIGBUS, huge_fault };
      return 0;
    },
    { version },
  );
  pfn = mm.pfnAt(mm.addDeviceRegion(b.system, { bytes: 2n * large, label: 'bar' }), 0) ?? 0n;
  mapped(map(b, 1024, rw, mm.MAP_SHARED, { address: start }));
  mm.access(b.process, start, 'write');
  mm.access(b.process, start + large, 'write');
  return b;
}

describe('large entries', () => {
  test('S11.1 a split inside of one takes all of it away, one between them takes nothing', () => {
    const between = hugeBench();
    expect(brief(mm.mprotect(between.process, start, large, mm.PROT_READ))).toBe('ok');
    expect(between.process.table.pages).toBe(1024);
    const inside = hugeBench();
    expect(brief(mm.mprotect(inside.process, start, page, mm.PROT_READ))).toBe('ok');
    expect(inside.process.table.pages).toBe(512);
  });

  test('S6.8 zapping a part of one takes all of it', () => {
    const b = hugeBench();
    const vma = b.process.lookup(start);
    if (vma) mm.zap_vma_ptes(vma, start + page, page);
    expect(b.process.table.pages).toBe(512);
  });

  test('S8.3 they move where the new place is aligned as the old one', () => {
    const moved = (to: bigint): number => {
      const b = hugeBench();
      const flags = mm.MREMAP_MAYMOVE | mm.MREMAP_FIXED;
      mm.mremap(b.process, { address: start, oldLength: 2n * large, newLength: 2n * large, flags, newAddress: to });
      return b.process.table.pages;
    };
    expect([moved(0x5000_0000n), moved(0x5000_1000n)]).toEqual([1024, 0]);
  });

  test('S7.5 fork copies them from 6.12 on; before, the child faults them in again', () => {
    const copied = (version: string): number | undefined => mm.fork(hugeBench(version).process).child?.table.pages;
    expect([copied('6.12'), copied('6.8')]).toEqual([1024, 0]);
  });
});
