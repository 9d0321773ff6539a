/** Mapping functions of subsystems: dma-buf, video, sound, UIO, PCI, RDMA, sockets, filesystems. Data only. */
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

export const subsystemCalls: readonly FactRow[] = [
  mapping('dma_buf_mmap', {
    since: '3.5',
    header: 'linux/dma-buf.h',
    prototypes: 'int dma_buf_mmap(struct dma_buf *dmabuf, struct vm_area_struct *vma, unsigned long pgoff)',
    boundsChecked: true,
    requires: { range: 'pgoff plus the length of the vma is compared with the size of the buffer' },
    does: ['Makes the vma a mapping of the dma-buf: sets vm_file and vm_pgoff, then calls dma_buf_ops.mmap.'],
    returns: [
      ['0', 'the exporter has accepted the mapping'],
      ['-EINVAL', 'an argument is NULL, the exporter has no mmap, or the range goes beyond the buffer'],
      ['-EOVERFLOW', 'pgoff plus the length wraps'],
    ],
    asserts: [['WARN_ON', 'dmabuf or vma is NULL']],
    notes: ["Afterwards vma->vm_file is no longer the caller's file, and its private_data is another."],
    source: ['drivers/dma-buf/dma-buf.c: 6.12'],
  }),
  mapping('vb2_mmap', {
    since: '3.0',
    header: 'media/videobuf2-core.h',
    prototypes: 'int vb2_mmap(struct vb2_queue *q, struct vm_area_struct *vma)',
    boundsChecked: true,
    requires: { context: 'it takes the mmap_lock of the queue' },
    does: ['Maps the buffer that vm_pgoff stands for: a cookie, which becomes 0 before the allocator maps.'],
    returns: [
      ['0', 'the plane is mapped'],
      [
        '-EINVAL',
        'the mapping is not shared, its rights do not suit the direction, it is longer than the plane, or there is no such buffer',
      ],
    ],
    source: ['drivers/media/common/videobuf2/videobuf2-core.c: 6.12'],
  }),
  mapping('vb2_fop_mmap', {
    since: '3.6',
    header: 'media/videobuf2-v4l2.h',
    prototypes: 'int vb2_fop_mmap(struct file *file, struct vm_area_struct *vma)',
    boundsChecked: true,
    isHandler: true,
    does: ['A ready handler for v4l2_file_operations.mmap: calls vb2_mmap() on the queue of the device.'],
    returns: [['as vb2_mmap()', 'for the same reasons']],
    source: ['drivers/media/common/videobuf2/videobuf2-v4l2.c: 6.12'],
  }),
  mapping('snd_pcm_lib_default_mmap', {
    since: '3.2~3.4',
    header: 'sound/pcm.h',
    prototypes: 'int snd_pcm_lib_default_mmap(struct snd_pcm_substream *substream, struct vm_area_struct *area)',
    does: ['Maps a PCM buffer by the method of its kind, or page by page with a fault handler. Sets VM_DONTEXPAND and VM_DONTDUMP.'],
    setsFlags: { '3.2': ['VM_DONTEXPAND'], '3.7': ['VM_DONTEXPAND', 'VM_DONTDUMP'] },
    returns: [['0', 'always (6.12)']],
    notes: ['snd_pcm_mmap_data() has checked the size before.'],
    source: ['sound/core/pcm_native.c: 6.12'],
  }),
  mapping('snd_pcm_lib_mmap_iomem', {
    since: '2.6.0~2.6.9',
    header: 'sound/pcm.h',
    prototypes: 'int snd_pcm_lib_mmap_iomem(struct snd_pcm_substream *substream, struct vm_area_struct *area)',
    boundsChecked: true,
    setsFlags: remapFlags,
    does: ['Maps a PCM buffer in device memory, uncached, with vm_iomap_memory().'],
    returns: [['as vm_iomap_memory()', 'for the same reasons']],
    notes: ['On architectures that cannot do it, the name is NULL.'],
    source: ['sound/core/pcm_native.c: 6.12'],
  }),
  mapping('snd_dma_buffer_mmap', {
    since: '5.12~5.14',
    header: 'sound/memalloc.h',
    prototypes: 'int snd_dma_buffer_mmap(struct snd_dma_buffer *dmab, struct vm_area_struct *area)',
    does: ['Maps a sound buffer by the method of its kind.'],
    returns: [
      ['0', 'the buffer is mapped'],
      ['-ENOENT', 'there is no buffer, or its kind cannot be mapped'],
      ['a negative errno', 'the method has failed'],
    ],
    source: ['sound/core/memalloc.c: 6.12'],
  }),
  mapping('uio_mmap', {
    since: '2.6.23',
    header: 'drivers/uio/uio.c',
    prototypes: 'int uio_mmap(struct file *filep, struct vm_area_struct *vma)',
    boundsChecked: true,
    isHandler: true,
    requires: { context: 'it takes the info_lock of the device' },
    does: [
      'The mmap handler of /dev/uioN. vm_pgoff is the number of the region.',
      'Physical regions are mapped with remap_pfn_range(), uncached unless they are UIO_MEM_IOVA; kernel memory with a fault handler; DMA memory with dma_mmap_coherent().',
    ],
    returns: [
      ['0', 'the region is mapped'],
      ['-EINVAL', 'there is no such region, or the vma is longer than it'],
      ['-ENODEV', 'a physical region is not page aligned'],
      ['a negative errno', 'uio_info.mmap has failed'],
    ],
    notes: ['As vm_pgoff is no offset, vm_iomap_memory() does not fit here.'],
    source: ['drivers/uio/uio.c: 6.12', 'include/linux/uio_driver.h: 7.1'],
  }),
  mapping('pci_mmap_resource_range', {
    since: '4.12',
    header: 'linux/pci.h',
    prototypes:
      'int pci_mmap_resource_range(struct pci_dev *dev, int bar, struct vm_area_struct *vma, enum pci_mmap_state mmap_state, int write_combine)',
    boundsChecked: true,
    setsFlags: remapFlags,
    requires: { range: 'vm_pgoff is an offset into the BAR; the vma is compared with the rest of it' },
    does: [
      'Maps a part of a BAR uncached or write-combining. It adds the address of the BAR to vm_pgoff, and sets vm_page_prot and vm_ops.',
    ],
    returns: [
      ['0', 'the part is mapped'],
      ['-EINVAL', 'the range goes beyond the BAR'],
      ['as io_remap_pfn_range()', 'when that call fails'],
    ],
    source: ['drivers/pci/mmap.c: 6.12'],
  }),
  mapping('fb_deferred_io_mmap', {
    since: '2.6.22',
    header: 'linux/fb.h',
    prototypes: 'int fb_deferred_io_mmap(struct fb_info *info, struct vm_area_struct *vma)',
    isHandler: true,
    setsFlags: { '2.6.22': ['VM_RESERVED', 'VM_DONTEXPAND'], '3.7': ['VM_DONTEXPAND', 'VM_DONTDUMP'] },
    does: ['A ready handler for fb_ops.fb_mmap: maps page by page in a fault handler, and learns of writes through page_mkwrite.'],
    returns: [['0', 'the handlers are set']],
    notes: ['VM_IO is set as well unless the frame buffer is memory of the kernel (FBINFO_VIRTFB, 6.12).'],
    source: ['drivers/video/fbdev/core/fb_defio.c: 6.12'],
  }),
  mapping('rdma_user_mmap_io', {
    since: '4.20',
    header: 'rdma/ib_verbs.h',
    prototypes: {
      '4.20':
        'int rdma_user_mmap_io(struct ib_ucontext *ucontext, struct vm_area_struct *vma, unsigned long pfn, unsigned long size, pgprot_t prot)',
      '5.5':
        'int rdma_user_mmap_io(struct ib_ucontext *ucontext, struct vm_area_struct *vma, unsigned long pfn, unsigned long size, pgprot_t prot, struct rdma_user_mmap_entry *entry)',
    },
    argsUnit: 'pfn',
    setsFlags: remapFlags,
    requires: { vma: 'the mapping is shared, and size is its length' },
    does: ['Maps device memory with io_remap_pfn_range() and keeps track of the vma, so that it can be taken away with the device.'],
    returns: [
      ['0', 'the memory is mapped'],
      ['-EINVAL', 'the mapping is private, size is not its length, or the file is not that of the verbs'],
      ['-ENOMEM', 'there is no memory to keep track'],
      ['-EAGAIN', 'io_remap_pfn_range() fails'],
    ],
    asserts: [['WARN_ON', 'it is called outside the mmap of the verbs file']],
    notes: ['That the last parameter came with 5.5 is general knowledge.'],
    source: ['drivers/infiniband/core/ib_core_uverbs.c: 6.12'],
  }),
  mapping('sock_no_mmap', {
    header: 'net/sock.h',
    prototypes: 'int sock_no_mmap(struct file *file, struct socket *sock, struct vm_area_struct *vma)',
    isHandler: true,
    does: ['A ready handler for proto_ops.mmap that refuses.'],
    returns: [['-ENODEV', 'always']],
    source: ['net/core/sock.c: 6.12'],
  }),
  mapping('generic_file_mmap', {
    header: 'linux/fs.h',
    prototypes: 'int generic_file_mmap(struct file *file, struct vm_area_struct *vma)',
    isHandler: true,
    does: ['A ready mmap handler for filesystems: pages come from the page cache. It is not for device memory.'],
    returns: [
      ['0', 'the handlers are set'],
      ['-ENOEXEC', 'the filesystem cannot read pages'],
    ],
    source: ['mm/filemap.c: 6.12'],
  }),
  {
    kind: 'call',
    name: 'generic_file_mmap_prepare',
    since: '6.16',
    header: 'linux/fs.h',
    lock: 'write',
    prototypes: 'int generic_file_mmap_prepare(struct vm_area_desc *desc)',
    isHandler: true,
    requires: { lock: handlerLock },
    does: ['A ready mmap_prepare handler for filesystems: pages come from the page cache.'],
    returns: [
      ['0', 'the handlers are set'],
      ['-ENOEXEC', 'the filesystem cannot read pages'],
    ],
    source: ['include/linux/fs.h: 7.1'],
  },
  mapping('shmem_zero_setup', {
    header: 'linux/shmem_fs.h',
    prototypes: 'int shmem_zero_setup(struct vm_area_struct *vma)',
    does: ['Makes the vma shared anonymous memory, as a shared mapping of /dev/zero is: vm_file becomes a file of tmpfs.'],
    returns: [
      ['0', 'the file is in place'],
      ['a negative errno', 'it cannot be made'],
    ],
    source: ['mm/mmap.c: 6.12'],
    confidence: 'partial',
  }),
];
