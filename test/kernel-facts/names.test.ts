/** No fact is lost: every name that the collection of facts began with is still found, composite names under each part. */
import { expect, test } from 'vitest';
import { factsNamed } from '../../server/src/kernel/lookup.ts';

const names = `
remap_page_range io_remap_page_range remap_pfn_range remap_pfn_range_notrack io_remap_pfn_range vm_iomap_memory
vm_insert_page vm_insert_pages vm_map_pages vm_map_pages_zero vm_insert_pfn vm_insert_pfn_prot vm_insert_mixed
vmf_insert_pfn vmf_insert_pfn_prot vmf_insert_mixed vmf_insert_mixed_prot vmf_insert_mixed_mkwrite vmf_insert_pfn_pmd
vmf_insert_pfn_pud vmf_insert_page_mkwrite vmf_insert_folio_pmd vmf_insert_folio_pud vmf_insert_page remap_vmalloc_range
remap_vmalloc_range_partial vmalloc_to_page vmalloc_to_pfn vmalloc_user vmalloc_32_user vmalloc_32 dma_mmap_attrs
dma_mmap_coherent dma_mmap_wc dma_mmap_pages dma_mmap_noncontiguous dma_common_mmap dma_can_mmap dma_buf_mmap
drm_gem_mmap drm_gem_mmap_obj drm_gem_dma_mmap drm_gem_shmem_mmap ttm_bo_mmap_obj vb2_mmap vb2_fop_mmap
snd_pcm_lib_default_mmap snd_pcm_lib_mmap_iomem uio_mmap pci_mmap_resource_range phys_mem_access_prot pgprot_noncached
pgprot_writecombine pgprot_device pgprot_writethrough pgprot_decrypted pgprot_encrypted pgprot_dmacoherent
vm_get_page_prot vma_set_page_prot get_locked_pte pte_unmap_unlock set_pte_at zap_vma_ptes zap_special_vma_range
zap_page_range zap_page_range_single unmap_mapping_range unmap_mapping_pages apply_to_page_range
apply_to_existing_page_range follow_pfn follow_pte follow_pfnmap_start follow_phys generic_access_phys find_vma
vma_lookup find_vma_intersection get_user_pages pin_user_pages get_user_pages_fast vm_normal_page is_cow_mapping
vma_is_anonymous vma_set_anonymous vma_set_file vma_pages vma_desc_size vma_desc_pages mmap_sem mmap_lock mmap_read_lock
mmap_read_unlock mmap_read_trylock mmap_read_lock_killable mmap_write_lock mmap_write_unlock mmap_write_lock_killable
mmap_write_trylock mmap_write_downgrade mmap_assert_locked mmap_assert_write_locked vma_start_write
vma_assert_write_locked vm_flags vm_flags_init vm_flags_reset vm_flags_reset_once vm_flags_set vm_flags_clear
vm_flags_mod vma_desc_set_flags vm_operations_struct.open vm_operations_struct.close vm_operations_struct.nopage
vm_operations_struct.nopfn nopage_dma vm_operations_struct.populate install_page vm_operations_struct.fault
vm_operations_struct.huge_fault vm_operations_struct.map_pages vm_operations_struct.page_mkwrite
vm_operations_struct.pfn_mkwrite vm_operations_struct.access vm_operations_struct.split vm_operations_struct.may_split
vm_operations_struct.mremap vm_operations_struct.mprotect vm_operations_struct.pagesize vm_operations_struct.name
vm_operations_struct.set_policy vm_operations_struct.get_policy vm_operations_struct.find_special_page
vm_operations_struct.remap_pages vm_operations_struct.migrate vm_operations_struct.mapped vm_operations_struct.protect
vm_operations_struct.swapout vm_operations_struct.sync vm_operations_struct.unmap vm_operations_struct.wppage
vm_operations_struct.advise file_operations.mmap file_operations.mmap_prepare file_operations.mmap_capabilities
file_operations.mremap file_operations.get_unmapped_area proc_ops.proc_mmap bin_attribute.mmap kernfs_ops.mmap
dma_buf_ops.mmap drm_gem_object_funcs.mmap drm_driver.gem_prime_mmap fb_ops.fb_mmap snd_pcm_ops.mmap snd_compr_ops.mmap
snd_hwdep_ops.mmap snd_info_entry_ops.mmap snd_soc_component_driver.mmap snd_compress_ops.mmap snd_malloc_ops.mmap
v4l2_file_operations.mmap video_device.mmap videobuf_qtype_ops.mmap_mapper vb2_mem_ops.mmap uio_info.mmap
uio_info.mmap_prepare vfio_device_ops.mmap vfio_pci_regops.mmap vfio_iommu_driver_ops.mmap proto_ops.mmap
ib_device_ops.mmap rvt_driver.mmap rdma_vt.mmap bpf_map_ops.map_mmap kvm_device_ops.mmap uacce_ops.mmap
vmbus_channel.mmap_ring_buffer dma_map_ops.mmap clcd_board.mmap posix_clock_operations.mmap miscdevice.fops->mmap
cdev.ops->mmap drm_driver.fops->mmap vm_area_desc mmap_action mmap_action_remap mmap_action_remap_full
mmap_action_ioremap mmap_action_ioremap_full mmap_action_simple_ioremap mmap_action_map_kernel_pages
mmap_action_map_kernel_pages_full remap_pfn_range_prepare remap_pfn_range_complete vfs_mmap vfs_mmap_prepare
compat_vma_mmap call_mmap vm_fault_t vmf_error VM_READ VM_WRITE VM_EXEC VM_SHARED VM_MAYREAD VM_MAYWRITE VM_MAYEXEC
VM_MAYSHARE VM_GROWSDOWN VM_GROWSUP VM_SHM VM_PFNMAP VM_DENYWRITE VM_MAYBE_GUARD VM_EXECUTABLE VM_UFFD_WP
VM_UFFD_MISSING VM_UFFD_MINOR VM_LOCKED VM_LOCKONFAULT VM_IO VM_SEQ_READ VM_RAND_READ VM_DONTCOPY VM_DONTEXPAND
VM_RESERVED VM_ACCOUNT VM_NORESERVE VM_HUGETLB VM_NONLINEAR VM_SYNC VM_ARCH_1 VM_MAPPED_COPY VM_UNPAGED VM_INCOMPLETE
VM_INSERTPAGE VM_WIPEONFORK VM_ALWAYSDUMP VM_NODUMP VM_DONTDUMP VM_CAN_NONLINEAR VM_SOFTDIRTY VM_MIXEDMAP VM_SAO
VM_HUGEPAGE VM_PFN_AT_MMAP VM_NOHUGEPAGE VM_MERGEABLE VM_PAT VM_SHADOW_STACK VM_ALLOW_ANY_UNCACHED VM_DROPPABLE
VM_SEALED VM_SPECIAL VM_STACK_FLAGS VM_USERMAP PG_reserved SetPageReserved ClearPageReserved mem_map_reserve
mem_map_unreserve vma_reserve kvirt_to_pa rvmalloc rvfree virt_to_phys __pa virt_to_page page_to_pfn pfn_to_page
pfn_valid page_to_phys virt_to_pfn virt_to_bus bus_to_virt get_page put_page split_page vm_pgoff vm_page_prot
vm_private_data vm_ops vma_dummy_vm_ops vm_file file_operations.owner down_read down_write lock_kernel remap_file_pages
pte_mkspecial pfn_modify_allowed track_pfn_remap track_pfn_insert untrack_pfn pfnmap_track kmalloc kzalloc
__get_free_pages __get_free_page get_zeroed_page alloc_page alloc_pages alloc_pages_exact vmalloc vzalloc kvmalloc vmap
ioremap ioremap_wc ioremap_uc ioremap_cache devm_ioremap pci_iomap dma_alloc_coherent dma_alloc_attrs dma_alloc_wc
dma_alloc_noncoherent dma_alloc_pages pci_alloc_consistent pci_mmap_page_range fb_deferred_io_mmap drm_gem_vm_open
drm_gem_vm_close vb2_common_vm_ops snd_dma_buffer_mmap rdma_user_mmap_io sock_no_mmap generic_file_mmap shmem_zero_setup
lock_vma_under_rcu vm_start vm_end fault_flag VM_FAULT_ERROR zap_vma_range dma_mmap_writecombine set_memory_uc
set_memory_wc set_memory_wb
`;

/** Kinds of storage and other facts whose names are phrases. */
const phrases = [
  'tee / sgx / rproc / intel_th / stm / rapidio / comedi / habanalabs.file_operations.mmap',
  'struct vm_fault',
  'struct page ownership table',
  'module / static data',
  'stack variable',
];

test('every name of the collection is found', () => {
  const all = [...names.trim().split(/\s+/), ...phrases];
  expect(all.length).toBe(347);
  expect(all.filter((name) => factsNamed(name).length === 0)).toEqual([]);
});
