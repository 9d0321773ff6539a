/** Helpers on pgprot_t: the cache mode and the encryption of a mapping. Data only. */
import type { FactRow, PgprotRow } from '../row.ts';

const pgprot = (name: string, does: string, rest: Partial<PgprotRow> = {}): PgprotRow => ({
  kind: 'pgprot',
  name,
  form: 'macro',
  header: 'linux/pgtable.h',
  lock: 'none',
  prototypes: `pgprot_t ${name}(pgprot_t prot)`,
  requires: { context: 'it is applied to vma->vm_page_prot before anything is mapped; entries that exist already do not change' },
  returns: [['a pgprot_t', 'the new protection, which must be assigned: the argument stays as it is']],
  source: ['include/linux/pgtable.h, arch/x86/include/asm/pgtable.h: 6.12'],
  confidence: 'partial',
  ...rest,
  does: [does],
  notes: ['Before 5.8 it came with linux/mm.h and asm/pgtable.h.', ...(rest.notes ?? [])],
});

export const pageProtections: readonly FactRow[] = [
  pgprot('pgprot_noncached', 'Makes a mapping uncached: UC- on x86, Device-nGnRnE on arm64.', {
    notes: [
      'On architectures that define none it changes nothing.',
      'On x86 with PAT it does not work for RAM that the kernel maps cached: remap_pfn_range() goes back to the type of the kernel.',
    ],
  }),
  pgprot('pgprot_writecombine', 'Makes a mapping write-combining, for frame buffers. Where there is no such mode it is uncached.', {
    since: '2.6.25~2.6.28',
    notes: ['On x86 without PAT it is UC-.'],
  }),
  pgprot('pgprot_device', 'Makes a mapping fit for device registers: Device-nGnRE on arm64, uncached elsewhere.', { since: '3.17~3.19' }),
  pgprot('pgprot_writethrough', 'Makes a mapping write-through. Where there is no such mode it is uncached.', { since: '4.2~4.4' }),
  pgprot('pgprot_decrypted', 'Takes the memory encryption bit out of a protection (SME, SEV, TDX, CCA); elsewhere it changes nothing.', {
    since: '4.14',
    notes: ['Device memory and shared DMA memory need it. io_remap_pfn_range() does it itself.'],
  }),
  pgprot('pgprot_encrypted', 'Sets the memory encryption bit of a protection.', { since: '4.14' }),
  pgprot('pgprot_dmacoherent', 'Gives the protection of coherent DMA memory for devices that are not coherent. dma_mmap_attrs() uses it.', {
    since: '5.3~5.4',
    header: 'linux/dma-map-ops.h',
  }),
  {
    kind: 'pgprot',
    name: 'phys_mem_access_prot',
    since: '2.6.10~2.6.11',
    header: 'linux/pgtable.h',
    lock: 'none',
    prototypes: 'pgprot_t phys_mem_access_prot(struct file *file, unsigned long pfn, unsigned long size, pgprot_t vma_prot)',
    does: ['Gives the protection that the architecture wants for a mapping of /dev/mem: uncached for what is no RAM.'],
    returns: [['a pgprot_t', 'the new protection']],
    notes: ['It is not exported on most architectures; drivers use pgprot_noncached() and its relatives.'],
    source: ['drivers/char/mem.c: 2.6.11, 2.6.32, 6.12', 'arch/x86/mm/pat/memtype.c: 6.12'],
    confidence: 'partial',
  },
  {
    kind: 'pgprot',
    name: 'vm_get_page_prot',
    since: '2.6.20',
    replacedBy: 'vma_get_page_prot(), which takes the flags of a vm_area_desc (7.1)',
    header: 'linux/mm.h',
    lock: 'none',
    prototypes: 'pgprot_t vm_get_page_prot(vm_flags_t vm_flags)',
    does: [
      'Gives the protection that belongs to the VM_READ, VM_WRITE, VM_EXEC and VM_SHARED bits of the flags. Cache bits that were set are lost.',
    ],
    returns: [['a pgprot_t', 'the plain protection']],
    notes: ['After the mmap handler the core computes vm_page_prot anew and keeps the cache bits.'],
    source: ['include/linux/mm.h: 2.6.20 to 7.1', 'mm/mmap.c: 6.12'],
  },
  {
    kind: 'call',
    name: 'vma_set_page_prot',
    since: '3.18~3.19',
    header: 'linux/mm.h',
    lock: 'write',
    prototypes: 'void vma_set_page_prot(struct vm_area_struct *vma)',
    requires: { lock: 'the mmap lock is held for write' },
    does: [
      'Computes vm_page_prot from the flags of the vma and keeps its cache bits. The right to write is left out where the first write is to be noticed.',
    ],
    source: ['include/linux/mm.h: absent in 3.16, present in 3.19'],
  },
  {
    kind: 'call',
    name: 'fb_pgprotect',
    since: '2.6.20~2.6.32',
    removed: '6.7',
    replacedBy: 'pgprot_framebuffer()',
    header: 'asm/fb.h',
    lock: 'write',
    prototypes: 'void fb_pgprotect(struct file *file, struct vm_area_struct *vma, unsigned long off)',
    does: ['Gives vm_page_prot the cache type that the architecture wants for a frame buffer.'],
    notes: ['On architectures that define none it changes nothing. It checks neither the offset nor the length.'],
    source: ['include/asm-generic/fb.h: 6.1', 'arch/x86/include/asm/fb.h: 6.1'],
    confidence: 'partial',
  },
];
