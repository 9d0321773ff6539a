/** Helpers on pgprot_t: cacheability and encryption of a mapping. Data only. */
import type { FactRow } from '../row.ts';

export const pageProtections: readonly FactRow[] = [
  {
    kind: 'call',
    name: 'phys_mem_access_prot',
    since: '2.6.10~2.6.11',
    header: 'linux/pgtable.h',
    prototypes: 'pgprot_t phys_mem_access_prot(struct file *file, unsigned long pfn, unsigned long size, pgprot_t vma_prot)',
    does: ['Returns the pgprot an arch wants for /dev/mem mappings (noncached for non-RAM).'],
    returns: [['pgprot', '']],
    notes: ['Not exported on most arches; drivers should use pgprot_* instead.'],
    source: ['drivers/char/mem.c 2.6.11, 2.6.32, 6.12; arch/x86/mm/pat/memtype.c'],
    confidence: 'partial',
  },
  {
    kind: 'pgprot',
    name: 'pgprot_noncached',
    header: 'linux/pgtable.h',
    prototypes: 'pgprot_t pgprot_noncached(pgprot_t prot)',
    requires: {
      context:
        'must be applied to vma->vm_page_prot BEFORE remap_pfn_range/vm_insert_*; changing vm_page_prot afterwards does not touch existing ptes',
    },
    does: ['Uncached; x86 UC-, arm64 Device-nGnRnE.'],
    returns: [['pgprot_t', 'new value: the result must be assigned back']],
    notes: ['Pure function: calling it without using the result is a no-op.', 'Identity on arches that define none.'],
    source: ['include/linux/pgtable.h 6.12, arch/x86/include/asm/pgtable.h 6.12'],
    confidence: 'partial',
  },
  {
    kind: 'pgprot',
    name: 'pgprot_writecombine',
    since: '2.6.25~2.6.28',
    header: 'linux/pgtable.h',
    prototypes: 'pgprot_t pgprot_writecombine(pgprot_t prot)',
    requires: {
      context:
        'must be applied to vma->vm_page_prot BEFORE remap_pfn_range/vm_insert_*; changing vm_page_prot afterwards does not touch existing ptes',
    },
    does: ['Write-combining; falls back to pgprot_noncached when the arch defines none.'],
    returns: [['pgprot_t', 'new value: the result must be assigned back']],
    notes: ['Pure function: calling it without using the result is a no-op.', 'x86 without PAT: UC-.'],
    source: ['include/linux/pgtable.h 6.12, arch/x86/include/asm/pgtable.h 6.12'],
    confidence: 'partial',
  },
  {
    kind: 'pgprot',
    name: 'pgprot_device',
    since: '3.17~3.19',
    header: 'linux/pgtable.h',
    prototypes: 'pgprot_t pgprot_device(pgprot_t prot)',
    requires: {
      context:
        'must be applied to vma->vm_page_prot BEFORE remap_pfn_range/vm_insert_*; changing vm_page_prot afterwards does not touch existing ptes',
    },
    does: ['For device registers; falls back to pgprot_noncached (arm64: Device-nGnRE).'],
    returns: [['pgprot_t', 'new value: the result must be assigned back']],
    notes: ['Pure function: calling it without using the result is a no-op.'],
    source: ['include/linux/pgtable.h 6.12, arch/x86/include/asm/pgtable.h 6.12'],
    confidence: 'partial',
  },
  {
    kind: 'pgprot',
    name: 'pgprot_writethrough',
    since: '4.2~4.4',
    header: 'linux/pgtable.h',
    prototypes: 'pgprot_t pgprot_writethrough(pgprot_t prot)',
    requires: {
      context:
        'must be applied to vma->vm_page_prot BEFORE remap_pfn_range/vm_insert_*; changing vm_page_prot afterwards does not touch existing ptes',
    },
    does: ['Write-through; falls back to pgprot_noncached.'],
    returns: [['pgprot_t', 'new value: the result must be assigned back']],
    notes: ['Pure function: calling it without using the result is a no-op.'],
    source: ['include/linux/pgtable.h 6.12, arch/x86/include/asm/pgtable.h 6.12'],
    confidence: 'partial',
  },
  {
    kind: 'pgprot',
    name: 'pgprot_decrypted',
    since: '4.14',
    header: 'linux/pgtable.h',
    prototypes: 'pgprot_t pgprot_decrypted(pgprot_t prot)',
    requires: {
      context:
        'must be applied to vma->vm_page_prot BEFORE remap_pfn_range/vm_insert_*; changing vm_page_prot afterwards does not touch existing ptes',
    },
    does: ['Clears the memory-encryption bit (SME/SEV/TDX/CCA); identity elsewhere.'],
    returns: [['pgprot_t', 'new value: the result must be assigned back']],
    notes: [
      'Pure function: calling it without using the result is a no-op.',
      'Needed for MMIO and for shared DMA memory; io_remap_pfn_range applies it itself.',
    ],
    source: ['include/linux/pgtable.h 6.12, arch/x86/include/asm/pgtable.h 6.12'],
    confidence: 'partial',
  },
  {
    kind: 'pgprot',
    name: 'pgprot_encrypted',
    since: '4.14',
    header: 'linux/pgtable.h',
    prototypes: 'pgprot_t pgprot_encrypted(pgprot_t prot)',
    requires: {
      context:
        'must be applied to vma->vm_page_prot BEFORE remap_pfn_range/vm_insert_*; changing vm_page_prot afterwards does not touch existing ptes',
    },
    does: ['Sets the memory-encryption bit.'],
    returns: [['pgprot_t', 'new value: the result must be assigned back']],
    notes: ['Pure function: calling it without using the result is a no-op.'],
    source: ['include/linux/pgtable.h 6.12, arch/x86/include/asm/pgtable.h 6.12'],
    confidence: 'partial',
  },
  {
    kind: 'pgprot',
    name: 'pgprot_dmacoherent',
    since: '5.3~5.4',
    header: 'linux/dma-map-ops.h',
    prototypes: 'pgprot_t pgprot_dmacoherent(pgprot_t prot)',
    requires: {
      context:
        'must be applied to vma->vm_page_prot BEFORE remap_pfn_range/vm_insert_*; changing vm_page_prot afterwards does not touch existing ptes',
    },
    does: ['prot for coherent DMA memory on non-coherent devices.'],
    returns: [['pgprot_t', 'new value: the result must be assigned back']],
    notes: ['Pure function: calling it without using the result is a no-op.', 'Normally via dma_mmap_attrs only.'],
    source: ['include/linux/pgtable.h 6.12, arch/x86/include/asm/pgtable.h 6.12'],
    confidence: 'partial',
  },
];
