/** Masks of several vma flags, and the flag of vmalloc areas that is often taken for one. Data only. */
import type { FactRow, FlagRow, Since } from '../row.ts';

const mask = (name: string, members: Since<readonly string[]>, does: string, rest: Partial<FlagRow> = {}): FlagRow => ({
  kind: 'flag',
  name,
  family: 'vma',
  header: 'linux/mm.h',
  mask: members,
  does: [does],
  source: ['include/linux/mm.h'],
  ...rest,
});

export const vmaFlagMasks: readonly FactRow[] = [
  mask(
    'VM_SPECIAL',
    {
      '2.6.0': ['VM_IO', 'VM_DONTCOPY', 'VM_DONTEXPAND', 'VM_RESERVED'],
      '2.6.15': ['VM_IO', 'VM_DONTEXPAND', 'VM_RESERVED', 'VM_PFNMAP'],
      '3.7': ['VM_IO', 'VM_DONTEXPAND', 'VM_PFNMAP'],
      '3.14': ['VM_IO', 'VM_DONTEXPAND', 'VM_PFNMAP', 'VM_MIXEDMAP'],
    },
    'Vmas with any of these flags are neither merged nor locked, MADV_DODUMP is refused, and khugepaged leaves them alone.',
    { since: '2.6.0~2.6.9', notes: ['Between 2.6.9 and 2.6.28 only these two versions were read.'] },
  ),
  mask('VM_ACCESS_FLAGS', ['VM_READ', 'VM_WRITE', 'VM_EXEC'], 'What the program may do with the memory now.', { since: '5.7~5.8' }),
  mask('VM_LOCKED_MASK', ['VM_LOCKED', 'VM_LOCKONFAULT'], 'Both ways of being locked.', { since: '6.2~6.3' }),
  mask('VM_STACK_FLAGS', {}, 'The flags that a new stack has; they depend on the architecture.'),
  mask('VM_NONE', [], 'No flag at all.', { since: '3.0~3.7' }),
  {
    kind: 'flag',
    name: 'VM_USERMAP',
    family: 'vmalloc',
    since: '2.6.18',
    header: 'linux/vmalloc.h',
    values: 0x8n,
    setBy: ['vmalloc_user', 'vmalloc_32_user', 'vmap with this flag'],
    does: ['The vmalloc area may be given to remap_vmalloc_range().'],
    notes: ['It is no vma flag: it belongs to struct vm_struct, which describes a vmalloc area.'],
    source: ['include/linux/vmalloc.h'],
  },
];
