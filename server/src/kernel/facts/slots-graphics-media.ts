/** The mapping slots of graphics and video tables. Data only. */
import type { FactRow } from '../row.ts';
import { mmapSlot } from './slot-row.ts';

export const slotsGraphicsMedia: readonly FactRow[] = [
  mmapSlot('dma_buf_ops', 'mmap', 'int (*mmap)(struct dma_buf *dmabuf, struct vm_area_struct *vma)', {
    since: '3.5',
    header: 'linux/dma-buf.h',
    boundsCheckedByCore: true,
    does: ['Maps a shared buffer. vm_pgoff is the offset into the buffer in pages.'],
    notes: ['The dma-buf core has compared the size and the offset with dmabuf->size.'],
    source: ['include/linux/dma-buf.h: 3.10 to 7.1', 'drivers/dma-buf/dma-buf.c: 6.12'],
  }),
  mmapSlot('drm_gem_object_funcs', 'mmap', 'int (*mmap)(struct drm_gem_object *obj, struct vm_area_struct *vma)', {
    since: '5.5',
    header: 'drm/drm_gem.h',
    boundsCheckedByCore: true,
    does: ['Maps a buffer object, called from drm_gem_mmap_obj().'],
    notes: [
      'The size is checked, and vm_ops and vm_private_data are set. vm_pgoff still holds the fake offset of the object.',
      'It must set VM_DONTEXPAND, or DRM warns.',
    ],
    source: ['include/drm/drm_gem.h: absent in 5.4, present in 5.7 to 7.1', 'drivers/gpu/drm/drm_gem.c: 6.12'],
  }),
  mmapSlot('drm_driver', 'gem_prime_mmap', 'int (*gem_prime_mmap)(struct drm_gem_object *obj, struct vm_area_struct *vma)', {
    since: '3.10',
    removed: '6.6',
    replacedBy: 'drm_gem_object_funcs.mmap',
    obsolete: true,
    header: 'drm/drm_drv.h',
    does: ['Maps a buffer object through its dma-buf.'],
    source: ['include/drm/drm_drv.h: present in 6.1, absent in 6.12'],
    confidence: 'partial',
  }),
  mmapSlot(
    'fb_ops',
    'fb_mmap',
    {
      '2.4': 'int (*fb_mmap)(struct fb_info *info, struct file *file, struct vm_area_struct *vma)',
      '2.6.13': 'int (*fb_mmap)(struct fb_info *info, struct vm_area_struct *vma)',
    },
    {
      header: 'linux/fb.h',
      does: ['Maps the frame buffer, then the registers: offsets count from smem_start, and past smem_len from mmio_start.'],
      notes: [
        'It runs under info->mm_lock.',
        'Without fb_mmap, the core up to 6.5 mapped smem or mmio itself with vm_iomap_memory(); since 6.8 it warns, and mmap fails with -ENODEV.',
      ],
      source: ['include/linux/fb.h: 2.4.0, 2.6.9 (with the file), 2.6.32 to 7.1', 'drivers/video/fbdev/core/fb_chrdev.c: 6.12'],
    },
  ),
  mmapSlot('v4l2_file_operations', 'mmap', 'int (*mmap)(struct file *file, struct vm_area_struct *vma)', {
    since: '2.6.29',
    header: 'media/v4l2-dev.h',
    does: ['The mmap handler of a video device; usually vb2_fop_mmap() or v4l2_m2m_fop_mmap().'],
    source: ['include/media/v4l2-dev.h: 2.6.32 to 7.1', 'drivers/media/v4l2-core/v4l2-dev.c: 6.12'],
  }),
  mmapSlot(
    'v4l2_file_operations',
    'get_unmapped_area',
    'unsigned long (*get_unmapped_area)(struct file *file, unsigned long addr, unsigned long len, unsigned long pgoff, unsigned long flags)',
    {
      handlerKind: 'get_unmapped_area',
      since: '2.6.32~3.4',
      header: 'media/v4l2-dev.h',
      does: ['Chooses the address of a new mapping, on kernels without an MMU. There is no vma yet.'],
      returns: [['an address', 'of the buffer']],
      source: ['include/media/v4l2-dev.h: 6.1, 6.12'],
      confidence: 'partial',
    },
  ),
  mmapSlot('video_device', 'mmap', 'int (*mmap)(struct video_device *dev, const char *adr, unsigned long size)', {
    removed: '2.5.0~2.6.0',
    obsolete: true,
    header: 'linux/videodev.h',
    does: ['Maps the frame buffer of a 2.4 video device. It gets an address and a size, and no vma.'],
    notes: ['It is called with the big kernel lock held.'],
    source: ['include/linux/videodev.h: 2.4.0'],
  }),
  mmapSlot(
    'videobuf_qtype_ops',
    'mmap_mapper',
    'int (*mmap_mapper)(struct videobuf_queue *q, struct videobuf_buffer *buf, struct vm_area_struct *vma)',
    {
      since: '2.6.16',
      removed: '6.2~6.8',
      replacedBy: 'vb2_mem_ops.mmap',
      obsolete: true,
      header: 'media/videobuf-core.h',
      does: ['Maps one buffer of the first videobuf.'],
      source: ['include/media/videobuf-core.h: 2.6.32, 3.10, 6.1; absent in 6.12'],
      confidence: 'partial',
    },
  ),
  mmapSlot('vb2_mem_ops', 'mmap', 'int (*mmap)(void *buf_priv, struct vm_area_struct *vma)', {
    since: '3.0',
    header: 'media/videobuf2-core.h',
    boundsCheckedByCore: true,
    does: ['Maps one plane of a videobuf2 buffer.'],
    notes: ['vb2_mmap() has compared the size with the length of the plane, and has set vm_pgoff to 0.'],
    source: ['include/media/videobuf2-core.h: 3.10 to 7.1', 'drivers/media/common/videobuf2/videobuf2-core.c: 6.12'],
  }),
  mmapSlot('clcd_board', 'mmap', 'int (*mmap)(struct clcd_fb *fb, struct vm_area_struct *vma)', {
    since: '2.6.0',
    removed: '6.2~6.12',
    obsolete: true,
    header: 'linux/amba/clcd.h',
    does: ['Maps the frame buffer of an ARM PrimeCell LCD.'],
    source: ['include/linux/amba/clcd.h: 2.6.32, 3.10, 6.1; absent in 6.12'],
    confidence: 'partial',
  }),
];
