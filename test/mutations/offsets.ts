/** Checks of offset and length together, and what becomes of them when they are broken. */
import { drop, equivalent, flip, type MutatedFunction, mistake, wrap } from './mutant.ts';

const offset = ['mmap-pgoff-unchecked', 'mmap-pgoff-overflow'] as const;
const length = 'mmap-no-size-check';
/** The length is cut off. */
const cut = ['mmap-narrow-type', 'mmap-pgoff-overflow', length] as const;
const overflow = 'mmap-pgoff-overflow';
const either = [length, ...offset] as const;

export const offsetMutations: readonly MutatedFunction[] = [
  {
    file: 'board-registers.c',
    function: 'board_mmap',
    mutations: [
      drop('vma->vm_pgoff >= board->nr_pages', ...offset),
      flip('vma->vm_pgoff >= board->nr_pages', ...offset),
      drop('vma_pages(vma) > board->nr_pages - vma->vm_pgoff', length),
      flip('vma_pages(vma) > board->nr_pages - vma->vm_pgoff', length),
      wrap('vma_pages(vma) > board->nr_pages - vma->vm_pgoff', '(u32)(vma_pages(vma) + vma->vm_pgoff) > board->nr_pages', ...either),
      mistake('vma->vm_pgoff >= board->nr_pages', 'vma_pages(vma) > board->nr_pages', ...offset),
      mistake('vma_pages(vma) > board->nr_pages - vma->vm_pgoff', 'vma->vm_pgoff > board->nr_pages', length),
    ],
  },
  {
    file: 'pci-aperture.c',
    function: 'aperture_mmap',
    mutations: [
      drop('offset >= ap->bytes', ...offset),
      flip('offset >= ap->bytes', ...offset),
      drop('length > ap->bytes - offset', length),
      flip('length > ap->bytes - offset', length),
      wrap('length > ap->bytes - offset', '(u32)length > ap->bytes - offset', ...cut),
      mistake('offset >= ap->bytes', 'length >= ap->bytes', ...offset),
      mistake('length > ap->bytes - offset', 'vma_pages(vma) > ap->bytes - offset', length),
    ],
  },
  {
    file: 'sum-in-pages.c',
    function: 'trace_mmap',
    mutations: [
      drop('vma->vm_pgoff + pages > unit->window_pages', length),
      flip('vma->vm_pgoff + pages > unit->window_pages', length),
      wrap('vma->vm_pgoff + pages > unit->window_pages', '(u32)(vma->vm_pgoff + pages) > unit->window_pages', ...either),
      wrap('vma->vm_pgoff + pages > unit->window_pages', '(u32)vma->vm_pgoff + pages > unit->window_pages', ...offset),
      mistake('vma->vm_pgoff + pages > unit->window_pages', 'pages > unit->window_pages', ...offset),
      mistake('vma->vm_pgoff + pages > unit->window_pages', 'vma->vm_pgoff > unit->window_pages', length),
    ],
  },
  {
    file: 'checked-sum.c',
    function: 'doorbell_mmap',
    mutations: [
      drop('end > bell->bytes', length),
      flip('end > bell->bytes', length),
      mistake('end > bell->bytes', 'length > bell->bytes', ...offset),
      mistake('end > bell->bytes', 'offset > bell->bytes', length),
      wrap('check_add_overflow(offset, length, &end)', '(end = offset + length) == 0', overflow),
      wrap('end > bell->bytes', '(u32)end > bell->bytes', ...either),
      flip('check_add_overflow(offset, length, &end)', overflow),
      equivalent(
        wrap('check_shl_overflow(vma->vm_pgoff, PAGE_SHIFT, &offset)', '(offset = vma->vm_pgoff << PAGE_SHIFT) == 1'),
        'The mapped address is made of the same shifted offset, and mmap(2) passes none whose shift loses bits.',
      ),
    ],
  },
  {
    file: 'region-index.c',
    function: 'vcard_mmap',
    mutations: [
      drop('page >= pages', ...offset),
      flip('page >= pages', ...offset),
      drop('vma_pages(vma) > pages - page', length),
      flip('vma_pages(vma) > pages - page', length),
      mistake('vma_pages(vma) > pages - page', 'page > pages - vma_pages(vma)', ...either),
      mistake('card->bars[index].bytes >> PAGE_SHIFT', 'card->bars[index].bytes', length),
    ],
  },
  {
    file: 'helper-allows.c',
    function: 'tuner_allows',
    mutations: [
      drop('first >= limit', ...offset),
      flip('first >= limit', ...offset),
      flip('pages <= limit - first', length),
      wrap('pages <= limit - first', '(u16)(first + pages) <= limit', ...either),
      mistake('pages <= limit - first', 'first <= limit - pages', ...either),
    ],
  },
  {
    file: 'helper-allows.c',
    function: 'tuner_mmap',
    mutations: [
      drop('!tuner_allows(vma->vm_pgoff, vma_pages(vma), tuner->regs_pages)', length),
      mistake('vma_pages(vma)', '0', length),
      mistake(
        'tuner_allows(vma->vm_pgoff, vma_pages(vma), tuner->regs_pages)',
        'tuner_allows(0, vma_pages(vma), tuner->regs_pages)',
        ...offset,
      ),
    ],
  },
  {
    file: 'guarded.c',
    function: 'dock_mmap',
    mutations: [
      drop('vma->vm_pgoff >= pages', ...offset),
      flip('vma->vm_pgoff >= pages', ...offset),
      drop('vma_pages(vma) > pages - vma->vm_pgoff', length),
      flip('vma_pages(vma) > pages - vma->vm_pgoff', length),
      mistake('resource_size(dock->window) >> PAGE_SHIFT', 'resource_size(dock->window)', length),
    ],
  },
  {
    file: 'old-bytes.c',
    function: 'scope_mmap',
    mutations: [
      equivalent(drop('offset >> PAGE_SHIFT != vma->vm_pgoff'), 'mmap(2) takes its offset in bytes, and no shift of one loses bits.'),
      drop('offset + length < offset', overflow),
      flip('offset + length < offset', overflow),
      drop('offset + length > scope->bytes', length),
      flip('offset + length > scope->bytes', length),
      mistake('offset + length > scope->bytes', 'length > scope->bytes', ...offset),
      wrap('offset + length > scope->bytes', '(u32)(offset + length) > scope->bytes', ...either),
    ],
  },
  {
    file: 'aligned-window.c',
    function: 'camera_mmap',
    mutations: [
      drop('requested > bytes', length, overflow),
      flip('requested > bytes', length, overflow),
      drop('offset > bytes - requested', ...offset),
      flip('offset > bytes - requested', ...offset),
      wrap('offset > bytes - requested', '(u32)offset > bytes - requested', ...offset),
      mistake('offset > bytes - requested', 'vma->vm_pgoff > bytes - requested', ...offset),
    ],
  },
  {
    file: 'frame-buffer.c',
    function: 'lcd_fb_mmap',
    mutations: [
      drop('offset >= bytes', ...offset),
      flip('offset >= bytes', ...offset),
      drop('length > bytes - offset', length),
      flip('length > bytes - offset', length),
      wrap('offset >= bytes', '(u32)offset >= bytes', ...offset),
      mistake('length > bytes - offset', 'length - offset > bytes', ...either),
      equivalent(drop('vma->vm_pgoff > (~0UL >> PAGE_SHIFT)'), 'mmap(2) takes its offset in bytes, and no page number of one is larger.'),
    ],
  },
  {
    file: 'sysfs-memory.c',
    function: 'bridge_mmap',
    mutations: [
      drop('vma->vm_pgoff > bridge->shared_pages', ...offset),
      flip('vma->vm_pgoff > bridge->shared_pages', ...offset),
      drop('vma_pages(vma) > bridge->shared_pages - vma->vm_pgoff', length),
      flip('vma_pages(vma) > bridge->shared_pages - vma->vm_pgoff', length),
      mistake('vma_pages(vma) > bridge->shared_pages - vma->vm_pgoff', 'vma_pages(vma) > bridge->shared_pages + vma->vm_pgoff', ...either),
    ],
  },
  {
    file: 'slots-of-a-queue.c',
    function: 'switch_mmap',
    mutations: [
      drop('slot >= sw->nr_slots', ...offset),
      flip('slot >= sw->nr_slots', ...offset),
      wrap('slot >= sw->nr_slots', '(u8)slot >= sw->nr_slots', ...offset),
      mistake('slot >= sw->nr_slots', 'vma_pages(vma) >= sw->nr_slots', ...offset),
      drop('vma_pages(vma) > SLOT_PAGES', length),
      flip('vma_pages(vma) > SLOT_PAGES', length),
    ],
  },
  {
    file: 'video-planes.c',
    function: 'grabber_mmap',
    mutations: [
      drop('plane >= grabber->nr_planes', ...offset),
      flip('plane >= grabber->nr_planes', ...offset),
      drop('length > PLANE_BYTES', length),
      flip('length > PLANE_BYTES', length),
      mistake('plane >= grabber->nr_planes', 'within >= grabber->nr_planes', ...offset),
      wrap('length > PLANE_BYTES', '(u32)length > PLANE_BYTES', ...cut),
      equivalent(drop('within != 0'), 'What lies within a plane is not used for the address, so that nothing else is mapped.'),
    ],
  },
];
