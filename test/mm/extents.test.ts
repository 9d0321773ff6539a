/** Runs of pages: against a plain array as the model, and large mappings as few runs. */
import { describe, expect, test } from 'vitest';
import { Extents, uniformRuns } from '../../server/src/mm/extents.ts';
import * as mm from '../../server/src/mm/index.ts';
import { PageTable, type Pte } from '../../server/src/mm/tables/page-table.ts';
import { bench, brief, map, mapped, page, rw } from './bench.ts';

/** A deterministic sequence of numbers below `limit`. */
function* sequence(limit: number): Generator<number, never> {
  let state = 12345;
  for (;;) {
    state = (state * 1103515245 + 12345) % 2147483648;
    yield state % limit;
  }
}

describe('extents', () => {
  test('behave like an array of pages and stay maximal', () => {
    const extents = new Extents<number>(uniformRuns((left, right) => left === right));
    const model: (number | undefined)[] = new Array(64).fill(undefined);
    const numbers = sequence(64);
    for (let step = 0; step < 2000; step++) {
      const start = numbers.next().value;
      const end = Math.min(64, start + 1 + (numbers.next().value % 9));
      const action = numbers.next().value % 4;
      if (action === 0) extents.clear(start, end);
      else if (action === 1) extents.update(start, end, (run) => (run.value === 0 ? undefined : run.value - 1));
      else extents.set(start, end, action);
      for (let at = start; at < end; at++) {
        const old = model[at];
        model[at] = action === 0 ? undefined : action === 1 ? (old === undefined || old === 0 ? undefined : old - 1) : action;
      }
      expect(model.map((_value, at) => extents.get(at))).toEqual(model);
    }
    const runs = extents.runs;
    expect(runs.every((run, index) => index === 0 || run.start > (runs[index - 1]?.end ?? 0) || run.value !== runs[index - 1]?.value)).toBe(
      true,
    );
    expect(extents.gaps(0, 64).reduce((sum, gap) => sum + gap.end - gap.start, 0) + extents.pages).toBe(64);
  });

  test('page table runs join on consecutive or equal pfns and split right', () => {
    const table = new PageTable();
    const pte = (pfn: number): Pte => ({ pfn, step: 1, special: false, dirty: false, young: true, prot: 1n });
    for (let index = 0; index < 8; index++) table.set(index, index + 1, pte(100 + index));
    expect(table.runs).toEqual([{ start: 0, end: 8, value: pte(100) }]);
    table.clear(3, 4);
    expect([table.get(2)?.pfn, table.get(3), table.get(4)?.pfn]).toEqual([102, undefined, 104]);
    for (let index = 10; index < 14; index++) table.set(index, index + 1, pte(7));
    expect([table.runs.length, table.get(13)?.pfn]).toEqual([3, 7]);
  });
});

describe('large mappings', () => {
  test('a gigabyte of remapped memory is one run and touching it takes no faults', () => {
    const b = bench((vma) => mm.remap_pfn_range(vma, vma.vm_start, pfn, mm.vmaSize(vma), vma.vm_page_prot));
    const pfn = mm.pfnAt(mm.addDeviceRegion(b.system, { bytes: 1n << 30n, label: 'bar' }), 0) ?? 0n;
    const a = mapped(map(b, 262_144));
    expect(b.process.table.runs.length).toBe(1);
    expect(mm.accessRange(b.process, a, 1n << 30n, 'write')).toMatchObject({ faults: 0, done: 1n << 30n });
    mm.fork(b.process);
    mm.munmap(b.process, a, 1n << 30n);
    expect(b.process.table.runs.length).toBe(0);
  });

  test('262,144 inserted pages are one run with few events', () => {
    const b = bench((vma) => {
      for (let index = 0n; index < mm.vma_pages(vma); index++) {
        const result = mm.vm_insert_page(vma, vma.vm_start + index * page, pfn + index);
        if (result !== 0) return result;
      }
      return 0;
    });
    const pfn = mm.pfnAt(mm.alloc_pages_exact(b.system, { bytes: 1n << 30n, label: 'buffer', zero: true }), 0) ?? 0n;
    b.system.log.drain();
    expect(brief(map(b, 262_144, rw))).toBe('ok');
    expect([b.process.table.runs.length, b.process.rss.file]).toEqual([1, 262_144]);
    expect(b.system.log.drain().length).toBeLessThan(20);
  });
});
