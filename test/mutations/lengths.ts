/** Checks of the length where the offset is a cookie or must be 0. */
import { drop, flip, type MutatedFunction, mistake, wrap } from './mutant.ts';

const length = 'mmap-no-size-check';
/** The length is cut off. */
const cut = ['mmap-narrow-type', 'mmap-pgoff-overflow', length] as const;

export const lengthMutations: readonly MutatedFunction[] = [
  {
    file: 'region-table.c',
    function: 'radio_mmap',
    mutations: [
      drop('vma_pages(vma) > region->pages', length),
      flip('vma_pages(vma) > region->pages', length),
      wrap('vma_pages(vma) > region->pages', '(u8)vma_pages(vma) > region->pages', ...cut),
      mistake('vma_pages(vma) > region->pages', 'vma->vm_pgoff > region->pages', length),
      mistake('vma_pages(vma) > region->pages', 'region->pgoff > region->pages', length),
    ],
  },
  {
    file: 'switch-on-offset.c',
    function: 'engine_mmap',
    mutations: [
      drop('length != PAGE_SIZE', length),
      flip('length != PAGE_SIZE', length),
      drop('length > QUEUE_BYTES', length),
      flip('length > QUEUE_BYTES', length),
      wrap('length > QUEUE_BYTES', '(u32)length > QUEUE_BYTES', ...cut),
      mistake('length > QUEUE_BYTES', 'vma->vm_pgoff > QUEUE_BYTES', length),
    ],
  },
  {
    file: 'page-array.c',
    function: 'capture_mmap',
    mutations: [
      drop('count > cap->nr_pages - vma->vm_pgoff', length),
      flip('count > cap->nr_pages - vma->vm_pgoff', length),
      drop('vma->vm_pgoff > cap->nr_pages', 'mmap-pgoff-overflow', 'mmap-pgoff-unchecked'),
      flip('vma->vm_pgoff > cap->nr_pages', 'mmap-pgoff-overflow', 'mmap-pgoff-unchecked'),
      mistake('count > cap->nr_pages - vma->vm_pgoff', 'count > cap->nr_pages', 'mmap-pgoff-unchecked', 'mmap-no-size-check'),
      wrap('count > cap->nr_pages - vma->vm_pgoff', '(u32)count > cap->nr_pages - vma->vm_pgoff', ...cut),
    ],
  },
  {
    file: 'insert-pages.c',
    function: 'event_ring_mmap',
    mutations: [
      drop('num > ring->nr_pages', length),
      flip('num > ring->nr_pages', length),
      wrap('num > ring->nr_pages', '(u16)num > ring->nr_pages', ...cut),
      mistake('num > ring->nr_pages', 'vma->vm_pgoff > ring->nr_pages', length),
    ],
  },
  {
    file: 'proc-trace.c',
    function: 'trace_proc_mmap',
    mutations: [
      drop('length > TRACE_BYTES', length),
      flip('length > TRACE_BYTES', length),
      wrap('length > TRACE_BYTES', '(int)length > (int)TRACE_BYTES', ...cut),
      mistake('length > TRACE_BYTES', 'vma_pages(vma) > TRACE_BYTES', length),
      mistake('length > TRACE_BYTES', 'vma->vm_pgoff > TRACE_BYTES', length),
    ],
  },
  {
    file: 'exact-length.c',
    function: 'codec_mmap',
    mutations: [
      drop('length != codec->size', length),
      flip('length != codec->size', length),
      wrap('length != codec->size', '(u32)length != codec->size', ...cut),
      mistake('length != codec->size', 'length < codec->size', length),
    ],
  },
  {
    file: 'clamped-length.c',
    function: 'sensor_mmap',
    mutations: [
      mistake('min(vma->vm_end - vma->vm_start, sensor->bytes)', 'max(vma->vm_end - vma->vm_start, sensor->bytes)', length),
      mistake('min(vma->vm_end - vma->vm_start, sensor->bytes)', 'vma->vm_end - vma->vm_start', length),
      mistake('min(vma->vm_end - vma->vm_start, sensor->bytes)', 'clamp(vma->vm_end - vma->vm_start, sensor->bytes, ULONG_MAX)', length),
      wrap(
        'min(vma->vm_end - vma->vm_start, sensor->bytes)',
        'min_t(u32, vma->vm_end - vma->vm_start, sensor->bytes) == 0 ? 0 : vma->vm_end - vma->vm_start',
        length,
      ),
    ],
  },
  {
    file: 'page-loop-vmalloc.c',
    function: 'mixer_mmap',
    mutations: [
      drop('left > mixer->area_bytes', length),
      flip('left > mixer->area_bytes', length),
      wrap('left > mixer->area_bytes', '(u32)left > mixer->area_bytes', ...cut),
      mistake('left > mixer->area_bytes', 'vma->vm_pgoff > mixer->area_bytes', length),
    ],
  },
  {
    file: 'cookie-sizes.c',
    function: 'modem_mmap',
    mutations: [
      drop('length > limit', length),
      flip('length > limit', length),
      wrap('length > limit', '(u32)length > limit', ...cut),
      mistake('length > limit', 'offset > limit', length),
      mistake('length > limit', 'vma_pages(vma) > limit', length),
    ],
  },
];
