/** Members of structs that point at an ops table: where a driver registers its handlers. Data only. */
import type { FactRow } from '../row.ts';
import { tablePointer } from './slot-row.ts';

const general = { source: ['general knowledge'], confidence: 'partial' } as const;

export const tablePointers: readonly FactRow[] = [
  tablePointer('miscdevice', 'fops', 'file_operations', {
    aliases: ['miscdevice.fops->mmap'],
    header: 'linux/miscdevice.h',
    notes: ['misc_open() sets file->private_data to the miscdevice before it calls fops->open.'],
    ...general,
  }),
  tablePointer('cdev', 'ops', 'file_operations', {
    aliases: ['cdev.ops->mmap'],
    since: '2.6.0',
    header: 'linux/cdev.h',
    notes: ['cdev_init() and register_chrdev() set it.'],
    ...general,
  }),
  tablePointer('drm_driver', 'fops', 'file_operations', {
    aliases: ['drm_driver.fops->mmap'],
    since: '2.6.0',
    header: 'drm/drm_drv.h',
    notes: ['Usually made with DEFINE_DRM_GEM_FOPS, whose mmap handler is drm_gem_mmap().'],
    ...general,
  }),
  tablePointer('drm_gem_object_funcs', 'vm_ops', 'vm_operations_struct', { since: '4.20~5.7', header: 'drm/drm_gem.h', ...general }),
  tablePointer('drm_gem_object', 'funcs', 'drm_gem_object_funcs', { since: '4.20~5.7', header: 'drm/drm_gem.h', ...general }),
  tablePointer('fb_info', 'fbops', 'fb_ops', { header: 'linux/fb.h', ...general }),
  tablePointer('video_device', 'fops', 'v4l2_file_operations', { since: '2.6.29', header: 'media/v4l2-dev.h', ...general }),
  tablePointer('vb2_queue', 'mem_ops', 'vb2_mem_ops', { since: '3.0', header: 'media/videobuf2-core.h', ...general }),
  tablePointer('dma_buf_export_info', 'ops', 'dma_buf_ops', { since: '4.1', header: 'linux/dma-buf.h', ...general }),
  tablePointer('snd_soc_component_driver', 'compress_ops', 'snd_compress_ops', {
    since: '5.8',
    header: 'sound/soc-component.h',
    ...general,
  }),
  tablePointer('usb_class_driver', 'fops', 'file_operations', { since: '2.6.0', header: 'linux/usb.h', ...general }),
  tablePointer('intel_th_driver', 'fops', 'file_operations', { since: '4.4', header: 'drivers/hwtracing/intel_th/intel_th.h', ...general }),
  {
    kind: 'type',
    name: 'struct file_operations',
    aliases: ['tee / sgx / rproc / intel_th / stm / rapidio / comedi / habanalabs.file_operations.mmap'],
    header: 'linux/fs.h',
    prototypes: 'struct file_operations: the handlers of an open file',
    does: [
      'The table of handlers of a device file. TEE, SGX, remoteproc, Intel TH, STM, RapidIO, Comedi and Habanalabs devices register one of their own, so their mmap handler is file_operations.mmap.',
    ],
    notes: ['STM devices may instead give an address through stm_data.mmio_addr, which the core maps.'],
    source: ['drivers: 6.12'],
    confidence: 'partial',
  },
];
