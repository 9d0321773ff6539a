/** Calls that touch user memory, or take the mmap lock of the calling process to do so: data for the rules about locks. */

/** They may fault, and a fault takes the mmap lock for read. */
export const touchingUserMemory: ReadonlySet<string> = new Set([
  'copy_from_user', 'copy_to_user', '__copy_from_user', '__copy_to_user', 'get_user', 'put_user', '__get_user', '__put_user',
  'clear_user', '__clear_user', 'strncpy_from_user', 'strnlen_user', 'copy_in_user', 'memdup_user', 'vmemdup_user', 'strndup_user',
  'memdup_user_nul', 'memdup_array_user', 'copy_struct_from_user', 'copy_from_user_toio', 'copy_to_user_fromio', 'copy_from_sockptr',
  'copy_page_to_iter', 'copy_page_from_iter', 'copy_from_iter', 'copy_to_iter', 'simple_read_from_buffer', 'simple_write_to_buffer',
]); // biome-ignore format: a table

/** They take the mmap lock themselves. */
export const lockingUserMemory: ReadonlySet<string> = new Set([
  'get_user_pages_fast', 'pin_user_pages_fast', 'get_user_pages_unlocked', 'pin_user_pages_unlocked', 'mmap_read_lock', 'mmap_write_lock',
  'mmap_read_lock_killable', 'mmap_write_lock_killable', 'vm_mmap', 'vm_munmap', 'vm_brk', 'access_process_vm', 'find_vma_prev_locked',
]); // biome-ignore format: a table
