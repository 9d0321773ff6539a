/**
 * Where the documentation of Linux 6.12 describes a fact: the newest long-term version whose pages were compared with its sources, so that
 * no link leads nowhere. Data and one look-up.
 */
import type { Fact } from './fact.ts';

const site = 'https://www.kernel.org/doc/html/v6.12';

/** Pages made from the sources: each name has an anchor of its own. */
const pages: Readonly<Record<string, readonly string[]>> = {
  'core-api/mm-api': [
    'alloc_pages',
    'alloc_pages_exact',
    'find_vma',
    'find_vma_intersection',
    'folio_get',
    'folio_put',
    'follow_pfnmap_end',
    'follow_pfnmap_start',
    'generic_access_phys',
    'get_user_pages_fast',
    'kcalloc',
    'kmalloc',
    'kmalloc_array',
    'kzalloc',
    'pfn_valid',
    'remap_pfn_range',
    'remap_vmalloc_range',
    'shmem_zero_setup',
    'unmap_mapping_pages',
    'unmap_mapping_range',
    'vm_insert_page',
    'vm_insert_pages',
    'vm_iomap_memory',
    'vm_map_pages',
    'vm_map_pages_zero',
    'vma_lookup',
    'vmap',
    'vmf_insert_pfn',
    'vmf_insert_pfn_pmd',
    'vmf_insert_pfn_prot',
    'vmf_insert_pfn_pud',
    'zap_vma_ptes',
  ],
  'driver-api/basics': ['devm_kmalloc'],
  'driver-api/dma-buf': ['dma_buf_mmap'],
  'driver-api/infrastructure': ['devm_platform_ioremap_resource', 'dma_can_mmap', 'dma_mmap_attrs'],
  'driver-api/media/v4l2-videobuf2': ['vb2_mmap'],
  'driver-api/pci/pci': ['pci_iomap', 'pcim_iomap'],
  'gpu/drm-mm': ['drm_gem_dma_mmap', 'drm_gem_mmap', 'drm_gem_mmap_obj', 'drm_gem_shmem_mmap', 'drm_gem_vm_close', 'drm_gem_vm_open'],
  'sound/kernel-api/alsa-driver-api': ['snd_dma_buffer_mmap', 'snd_pcm_lib_default_mmap', 'snd_pcm_lib_mmap_iomem'],
};

/** The places about all slots of a table. */
const tables: Readonly<Record<string, string>> = {
  file_operations: 'filesystems/vfs.html#struct-file-operations',
  vm_operations_struct: 'filesystems/locking.html#vm-operations-struct',
};

const pageOf = new Map(Object.entries(pages).flatMap(([page, names]) => names.map((name) => [name, page] as const)));

/** The address of the page about a fact; `undefined` where there is none. */
export function kernelDocs(fact: Fact): string | undefined {
  if (fact.kind === 'slot') {
    const table = tables[fact.container];
    return table && `${site}/${table}`;
  }
  const page = pageOf.get(fact.name);
  return page && `${site}/${page}.html#c.${fact.name}`;
}
