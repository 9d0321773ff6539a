/** How the tables of allocators write one row. Knows no allocator. */
import type { AllocatorRow } from '../row.ts';

type Rest = Partial<Omit<AllocatorRow, 'kind' | 'name' | 'memory'>> & Pick<AllocatorRow, 'prototypes' | 'does' | 'header'>;

/** Something that yields memory. What such calls do is general knowledge unless `rest` names a source. */
export function allocator(name: string, memory: AllocatorRow['memory'], rest: Rest): AllocatorRow {
  return {
    kind: 'allocator',
    name,
    lock: 'none',
    memory,
    source: ['general knowledge'],
    ...(rest.source ? {} : { confidence: 'partial' }),
    ...rest,
  };
}

/** What an allocator that may fail returns. */
export const orNull: AllocatorRow['returns'] = [
  ['a pointer', 'to the memory'],
  ['NULL', 'there is no memory'],
];
