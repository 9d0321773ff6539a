/**
 * The handler slots of the kernel's ops tables as the driver model asks for them: which field of which struct holds a
 * mapping handler, and what the handler is for. The facts are the kernel's; the kinds are named here.
 */
import type { HandlerKind } from './model.ts';

export interface Slot {
  readonly container: string;
  readonly field: string;
  readonly kind: HandlerKind;
  /** Index of the parameter that is the vma, vmf or vm_area_desc. */
  readonly parameter?: number;
  /** The struct tags of the parameters in each known prototype; `undefined` for a parameter of another type. */
  readonly structs?: readonly (readonly (string | undefined)[])[];
}

/** The kinds that a field names outright. */
const kinds: readonly HandlerKind[] = [
  'mmap', 'mmap_prepare', 'fault', 'huge_fault', 'page_mkwrite', 'pfn_mkwrite', 'map_pages', 'access', 'open', 'close', 'may_split',
  'mremap', 'mprotect', 'mapped', 'nopage', 'nopfn', 'populate', 'name', 'find_special_page', 'get_unmapped_area', 'mmap_capabilities',
]; // biome-ignore format: a table

const rows: Readonly<Record<string, string>> = {
  file_operations: 'mmap mmap_prepare get_unmapped_area mmap_capabilities mremap',
  vm_operations_struct:
    'open close fault huge_fault pmd_fault page_mkwrite pfn_mkwrite map_pages access may_split split mremap mprotect nopage nopfn populate name pagesize find_special_page set_policy get_policy mapped',
  vm_special_mapping: 'fault mremap close',
  proc_ops: 'proc_mmap proc_get_unmapped_area',
  bin_attribute: 'mmap',
  kernfs_ops: 'mmap',
  dma_buf_ops: 'mmap',
  drm_gem_object_funcs: 'mmap',
  drm_driver: 'gem_prime_mmap',
  fb_ops: 'fb_mmap',
  snd_pcm_ops: 'mmap',
  snd_compr_ops: 'mmap',
  snd_hwdep_ops: 'mmap',
  snd_info_entry_ops: 'mmap',
  snd_soc_component_driver: 'mmap',
  snd_compress_ops: 'mmap',
  snd_malloc_ops: 'mmap',
  v4l2_file_operations: 'mmap get_unmapped_area',
  videobuf_qtype_ops: 'mmap_mapper',
  vb2_mem_ops: 'mmap',
  uio_info: 'mmap mmap_prepare',
  vfio_device_ops: 'mmap',
  vfio_pci_regops: 'mmap',
  vfio_iommu_driver_ops: 'mmap',
  proto_ops: 'mmap',
  ib_device_ops: 'mmap',
  bpf_map_ops: 'map_mmap',
  kvm_device_ops: 'mmap',
  uacce_ops: 'mmap',
  vmbus_channel: 'mmap_ring_buffer',
  dma_map_ops: 'mmap',
  clcd_board: 'mmap',
  posix_clock_operations: 'mmap',
};

const slots: readonly Slot[] = Object.entries(rows).flatMap(([container, fields]) =>
  fields.split(' ').map((field) => ({ container, field, kind: kindOfField(field) })),
);

const byContainer = new Map<string, Map<string, Slot>>();
const byField = new Map<string, Slot[]>();
for (const slot of slots) {
  const fields = byContainer.get(slot.container) ?? new Map<string, Slot>();
  byContainer.set(slot.container, fields.set(slot.field, slot));
  byField.set(slot.field, [...(byField.get(slot.field) ?? []), slot]);
}

/** The slot of a struct's field, when it is one. */
export const slotOf = (container: string, field: string): Slot | undefined => byContainer.get(container)?.get(field);

/** Every slot with this field name, of whatever struct. */
export const slotsNamed = (field: string): readonly Slot[] => byField.get(field) ?? [];

/** Whether a struct is one of the kernel's tables with mapping handlers. */
export const isTable = (container: string): boolean => byContainer.has(container);

export const tableContainers: readonly string[] = [...byContainer.keys()];
export const slotFields: readonly string[] = [...byField.keys()];

/** What a handler in a field of this name is for. */
export function kindOfField(field: string): HandlerKind {
  const exact = kinds.find((kind) => kind === field);
  if (exact) return exact;
  if (field === 'pmd_fault') return 'huge_fault';
  if (field === 'split') return 'may_split';
  if (field === 'proc_get_unmapped_area') return 'get_unmapped_area';
  if (/mmap_prepare/.test(field)) return 'mmap_prepare';
  return /(?:^|_)mmap(?:_|$)/.test(field) ? 'mmap' : /fault$/.test(field) ? 'fault' : 'other';
}
