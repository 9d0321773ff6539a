/** `user-access-in-mmap`: a handler that holds the mmap lock for write does what needs it for read. */
import type { CallEvent, Path } from '../analysis/path.ts';
import type { Report, Rule } from './rule.ts';
import { callsOnPaths, oncePerPlace } from './support/path-calls.ts';
import { reportOn } from './support/reports.ts';

/** Calls that touch user memory, and so may fault. */
const touching: ReadonlySet<string> = new Set([
  'copy_from_user', 'copy_to_user', '__copy_from_user', '__copy_to_user', 'get_user', 'put_user', '__get_user', '__put_user',
  'clear_user', '__clear_user', 'strncpy_from_user', 'strnlen_user', 'copy_in_user', 'memdup_user', 'vmemdup_user', 'strndup_user',
  'copy_struct_from_user', 'copy_from_user_toio', 'copy_to_user_fromio', 'copy_from_sockptr', 'copy_page_to_iter', 'copy_from_iter',
]); // biome-ignore format: a table
/** Calls that take the mmap lock of the calling process themselves. */
const locking: ReadonlySet<string> = new Set([
  'get_user_pages_fast', 'pin_user_pages_fast', 'get_user_pages_unlocked', 'pin_user_pages_unlocked', 'mmap_read_lock', 'mmap_write_lock',
  'mmap_read_lock_killable', 'mmap_write_lock_killable', 'vm_mmap', 'vm_munmap', 'vm_brk', 'access_process_vm', 'find_vma_prev_locked',
]); // biome-ignore format: a table

export const userAccessInMmap: Rule = {
  name: 'user-access-in-mmap',
  severity: 'error',
  summary: 'A handler that runs under the mmap lock touches user memory or takes the lock again.',
  check(context) {
    return oncePerPlace(
      callsOnPaths(context, (name) => touching.has(name) || locking.has(name)),
      (call): Report | undefined => {
        const { handler, mmapLock } = call.entry.entry;
        const { event, path } = call;
        if (!handler || mmapLock !== 'write' || event.mmapLock !== 'write' || mayNotFault(path, event)) return undefined;
        const why = touching.has(event.name)
          ? 'touches user memory, and a page fault there waits for the mmap lock'
          : 'takes the mmap lock';
        return reportOn(
          call,
          event.nameSpan,
          `\`${event.name}()\` ${why}, which is held for write while \`${handler.function}()\` runs: the process waits for itself and cannot be killed. Do it in ioctl or write, before the mapping is made.`,
        );
      },
    );
  },
};

function mayNotFault(path: Path, event: CallEvent): boolean {
  let depth = 0;
  for (const each of path.events) {
    if (each === event) break;
    if (each.kind !== 'call') continue;
    if (each.name === 'pagefault_disable') depth++;
    if (each.name === 'pagefault_enable') depth--;
  }
  return depth > 0;
}
