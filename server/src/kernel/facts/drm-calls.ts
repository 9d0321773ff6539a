/** Mapping functions of DRM. Data only. */
import type { CallRow, FactRow } from '../row.ts';
import { handlerLock } from './phrases.ts';
import { remapFlags } from './set-flags.ts';

type Rest = Partial<CallRow> & Pick<CallRow, 'prototypes' | 'does' | 'source' | 'header'>;
const mapping = (name: string, rest: Rest): CallRow => ({
  kind: 'call',
  name,
  lock: 'write',
  ...rest,
  requires: { lock: handlerLock, ...rest.requires },
});

const dmaSource = ['drivers/gpu/drm/drm_gem_dma_helper.c: 6.12', 'include/drm/drm_gem_cma_helper.h: 6.0'];

export const drmCalls: readonly FactRow[] = [
  mapping('drm_gem_mmap', {
    since: '2.6.28',
    header: 'drm/drm_gem.h',
    prototypes: 'int drm_gem_mmap(struct file *filp, struct vm_area_struct *vma)',
    boundsChecked: true,
    isHandler: true,
    requires: { range: 'vm_pgoff is a fake offset that stands for an object' },
    does: [
      'A ready handler for file_operations.mmap: finds the object of the fake offset, takes a reference and calls drm_gem_mmap_obj().',
    ],
    returns: [
      ['0', 'the object is mapped'],
      ['-ENODEV', 'the device is unplugged'],
      ['-EINVAL', 'there is no object of this offset and size'],
      ['-EACCES', 'the program may not map this object'],
    ],
    notes: ['That it came with 2.6.28 is general knowledge.'],
    source: ['drivers/gpu/drm/drm_gem.c: 6.12'],
  }),
  mapping('drm_gem_mmap_obj', {
    since: '3.11',
    header: 'drm/drm_gem.h',
    prototypes: 'int drm_gem_mmap_obj(struct drm_gem_object *obj, unsigned long obj_size, struct vm_area_struct *vma)',
    boundsChecked: true,
    does: [
      'Takes a reference for the vma, sets vm_private_data to the object and vm_ops to those of the object, and calls drm_gem_object_funcs.mmap.',
      'Without that handler it sets VM_IO, VM_PFNMAP, VM_DONTEXPAND and VM_DONTDUMP and makes the mapping write-combining.',
    ],
    returns: [
      ['0', 'the object is mapped'],
      ['-EINVAL', 'the vma is longer than the object, or there are neither vm_ops nor a handler'],
      ['a negative errno', 'the handler has failed; the reference is given back'],
    ],
    asserts: [['WARN_ON', 'the handler accepts without setting VM_DONTEXPAND']],
    notes: ['A handler that fails leaves the reference to the caller.'],
    source: ['drivers/gpu/drm/drm_gem.c: 6.12'],
  }),
  mapping('drm_gem_dma_mmap', {
    since: '6.1',
    header: 'drm/drm_gem_dma_helper.h',
    prototypes: 'int drm_gem_dma_mmap(struct drm_gem_dma_object *dma_obj, struct vm_area_struct *vma)',
    setsFlags: remapFlags,
    does: ['Maps an object in DMA memory: takes the fake offset out of vm_pgoff and calls dma_mmap_wc() or dma_mmap_pages().'],
    returns: [
      ['0', 'the object is mapped'],
      ['as dma_mmap_wc()', 'when that call fails'],
    ],
    source: dmaSource,
  }),
  mapping('drm_gem_cma_mmap', {
    since: '3.8',
    removed: '6.1',
    replacedBy: 'drm_gem_dma_mmap',
    obsolete: true,
    header: 'drm/drm_gem_cma_helper.h',
    prototypes: {
      '3.8': 'int drm_gem_cma_mmap(struct file *filp, struct vm_area_struct *vma)',
      '5.11': 'int drm_gem_cma_mmap(struct drm_gem_object *obj, struct vm_area_struct *vma)',
    },
    isHandler: true,
    setsFlags: remapFlags,
    does: ['Maps an object in DMA memory. Up to 5.10 it is a handler for file_operations.mmap, then for drm_gem_object_funcs.mmap.'],
    returns: [
      ['0', 'the object is mapped'],
      ['as dma_mmap_wc()', 'when that call fails'],
    ],
    source: dmaSource,
    confidence: 'partial',
  }),
  mapping('drm_gem_shmem_mmap', {
    since: '5.2',
    header: 'drm/drm_gem_shmem_helper.h',
    prototypes: {
      '5.2': 'int drm_gem_shmem_mmap(struct file *filp, struct vm_area_struct *vma)',
      '5.6': 'int drm_gem_shmem_mmap(struct drm_gem_object *obj, struct vm_area_struct *vma)',
      '5.16': 'int drm_gem_shmem_mmap(struct drm_gem_shmem_object *shmem, struct vm_area_struct *vma)',
    },
    does: [
      'Maps an object in shared memory page by page: sets VM_PFNMAP, VM_DONTEXPAND and VM_DONTDUMP and a fault handler with vmf_insert_pfn(). An imported object goes to dma_buf_mmap().',
    ],
    returns: [
      ['0', 'the object is mapped'],
      ['-EINVAL', 'the mapping is copy-on-write'],
      ['a negative errno', 'the pages cannot be got'],
    ],
    source: ['drivers/gpu/drm/drm_gem_shmem_helper.c: 6.12; the older prototypes are general knowledge'],
    confidence: 'partial',
  }),
  mapping('ttm_bo_mmap_obj', {
    since: '5.5~5.7',
    header: 'drm/ttm/ttm_bo.h',
    prototypes: 'int ttm_bo_mmap_obj(struct vm_area_struct *vma, struct ttm_buffer_object *bo)',
    setsFlags: { '5.5': ['VM_MIXEDMAP', 'VM_IO', 'VM_DONTEXPAND', 'VM_DONTDUMP'], '5.14': remapFlags['3.7'] },
    does: ['Maps a TTM object page by page: the vma takes a reference on it, and gets vm_ops where it has none.'],
    returns: [
      ['0', 'the object is mapped'],
      ['-EINVAL', 'the mapping is copy-on-write'],
    ],
    notes: ['Up to 5.13 it set VM_MIXEDMAP and accepted copy-on-write.'],
    source: ['drivers/gpu/drm/ttm/ttm_bo_vm.c: 6.12', 'commit f91142c62161'],
    confidence: 'partial',
  }),
  mapping('drm_gem_vm_open', {
    since: '2.6.28',
    header: 'drm/drm_gem.h',
    prototypes: 'void drm_gem_vm_open(struct vm_area_struct *vma)',
    does: ['A ready open handler: takes a reference on the object in vm_private_data.'],
    source: ['drivers/gpu/drm/drm_gem.c: 6.12'],
    confidence: 'partial',
  }),
  mapping('drm_gem_vm_close', {
    since: '2.6.28',
    header: 'drm/drm_gem.h',
    lock: 'read',
    prototypes: 'void drm_gem_vm_close(struct vm_area_struct *vma)',
    requires: { lock: 'the mmap lock is held, as it is in a close handler' },
    does: ['A ready close handler: gives back the reference on the object in vm_private_data.'],
    source: ['drivers/gpu/drm/drm_gem.c: 6.12'],
    confidence: 'partial',
  }),
];
