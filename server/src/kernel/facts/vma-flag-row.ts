/** How the tables of vma flags write one row: the name, the bits on x86-64, what it means. Knows no flag. */
import type { FlagRow, Since } from '../row.ts';

type Rest = Partial<Omit<FlagRow, 'kind' | 'name' | 'family' | 'values' | 'does'>>;

/** A vma flag; `source` is the header of the versions that the row speaks of unless `rest` says otherwise. */
export function vmaFlag(name: string, values: Since<bigint | undefined>, does: string, rest: Rest = {}): FlagRow {
  const source = ['include/linux/mm.h', ...(rest.smaps ? ['fs/proc/task_mmu.c show_smap_vma_flags: 3.8, 6.1, 6.12, 7.1'] : [])];
  return { kind: 'flag', name, family: 'vma', header: 'linux/mm.h', values, does: [does], source, ...rest };
}
