/** The vma flags that families of calls set, by version. Data only. */

/** What `remap_pfn_range()` sets on the vma, and so does everything that goes through it. */
export const remapFlags = {
  '2.6.11': ['VM_IO', 'VM_RESERVED'],
  '2.6.15': ['VM_IO', 'VM_RESERVED', 'VM_PFNMAP'],
  '3.7': ['VM_IO', 'VM_PFNMAP', 'VM_DONTEXPAND', 'VM_DONTDUMP'],
};

/** What `vm_insert_page()` sets on the vma, and so does everything that goes through it. */
export const insertFlags = { '2.6.15': ['VM_INSERTPAGE'], '3.7': ['VM_MIXEDMAP'] };

/** `remap_vmalloc_range()` inserts pages one by one, and marks the vma. */
export const vmallocFlags = {
  '2.6.18': ['VM_RESERVED', 'VM_INSERTPAGE'],
  '3.7': ['VM_DONTEXPAND', 'VM_DONTDUMP', 'VM_MIXEDMAP'],
};
