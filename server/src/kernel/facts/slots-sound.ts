/** The mapping slots of sound tables. Data only. */
import type { FactRow } from '../row.ts';
import { mmapSlot } from './slot-row.ts';

export const slotsSound: readonly FactRow[] = [
  mmapSlot('snd_pcm_ops', 'mmap', 'int (*mmap)(struct snd_pcm_substream *substream, struct vm_area_struct *vma)', {
    since: '2.6.0',
    header: 'sound/pcm.h',
    boundsCheckedByCore: true,
    does: ['Maps the PCM data buffer. Without it, snd_pcm_lib_default_mmap() does.'],
    notes: [
      'snd_pcm_mmap_data() has compared the size and the offset with runtime->dma_bytes, and has set vm_private_data and vm_ops (open and close count the mappings).',
    ],
    source: ['include/sound/pcm.h: 2.6.9 to 7.1', 'sound/core/pcm_native.c snd_pcm_mmap_data: 6.12'],
  }),
  mmapSlot('snd_pcm_ops', 'page', 'struct page *(*page)(struct snd_pcm_substream *substream, unsigned long offset)', {
    handlerKind: 'other',
    entryLock: 'mmap-read',
    since: '2.6.0',
    header: 'sound/pcm.h',
    requires: { lock: 'the mmap lock is held for read when the handler runs, as in a fault handler' },
    does: ['Gives the page at an offset of the PCM buffer to the fault handler of the PCM core.'],
    returns: [
      ['a page', 'the PCM core takes the reference itself'],
      ['NULL', 'the program gets SIGBUS'],
    ],
    source: ['include/sound/pcm.h, sound/core/pcm_native.c: 6.12'],
  }),
  mmapSlot('snd_compr_ops', 'mmap', 'int (*mmap)(struct snd_compr_stream *stream, struct vm_area_struct *vma)', {
    since: '3.3',
    header: 'sound/compress_driver.h',
    does: ["Maps the buffer of a compressed stream. The size is the handler's to check."],
    source: ['include/sound/compress_driver.h: 3.10 to 7.1'],
  }),
  mmapSlot('snd_hwdep_ops', 'mmap', 'int (*mmap)(struct snd_hwdep *hw, struct file *file, struct vm_area_struct *vma)', {
    since: '2.6.0',
    header: 'sound/hwdep.h',
    does: ["Maps memory of a hardware-dependent sound device. The size is the handler's to check."],
    source: ['include/sound/hwdep.h: 2.6.9 to 7.1'],
  }),
  mmapSlot(
    'snd_info_entry_ops',
    'mmap',
    'int (*mmap)(struct snd_info_entry *entry, void *file_private_data, struct inode *inode, struct file *file, struct vm_area_struct *vma)',
    {
      since: '2.6.0',
      header: 'sound/info.h',
      does: ["The mmap handler of a sound file in /proc. The size is the handler's to check."],
      source: ['include/sound/info.h: 2.6.9 to 7.1'],
    },
  ),
  mmapSlot(
    'snd_soc_component_driver',
    'mmap',
    'int (*mmap)(struct snd_soc_component *component, struct snd_pcm_substream *substream, struct vm_area_struct *vma)',
    {
      since: '5.5',
      header: 'sound/soc-component.h',
      boundsCheckedByCore: true,
      does: ['Maps the PCM data buffer of an ASoC component; see snd_pcm_ops.mmap.'],
      source: ['include/sound/soc-component.h: 6.1 to 7.1'],
    },
  ),
  mmapSlot(
    'snd_soc_component_driver',
    'page',
    'struct page *(*page)(struct snd_soc_component *component, struct snd_pcm_substream *substream, unsigned long offset)',
    {
      handlerKind: 'other',
      entryLock: 'mmap-read',
      since: '5.5',
      header: 'sound/soc-component.h',
      requires: { lock: 'the mmap lock is held for read when the handler runs, as in a fault handler' },
      does: ['Gives the page at an offset of the PCM buffer to the fault handler of the PCM core.'],
      returns: [
        ['a page', 'the PCM core takes the reference itself'],
        ['NULL', 'the program gets SIGBUS'],
      ],
      source: ['include/sound/soc-component.h: 6.1, 6.12'],
    },
  ),
  mmapSlot(
    'snd_compress_ops',
    'mmap',
    'int (*mmap)(struct snd_soc_component *component, struct snd_compr_stream *stream, struct vm_area_struct *vma)',
    {
      since: '5.8',
      header: 'sound/soc-component.h',
      does: ["Maps the buffer of a compressed stream of an ASoC component. The size is the handler's to check."],
      source: ['include/sound/soc-component.h: 6.1 to 7.1'],
    },
  ),
  mmapSlot('snd_malloc_ops', 'mmap', 'int (*mmap)(struct snd_dma_buffer *dmab, struct vm_area_struct *area)', {
    since: '5.14',
    header: 'sound/core/memalloc.c',
    boundsCheckedByCore: true,
    does: ['Maps a buffer of one kind of sound memory. It is internal to the sound core.'],
    source: ['sound/core/memalloc_local.h: 6.1', 'sound/core/memalloc.c: 6.12'],
  }),
];
