/**
 * Which slots of the kernel's tables stand behind the system calls on a device file: a frame buffer's `fb_ioctl` is what
 * `unlocked_ioctl` is for a character device. A table; calls nothing.
 */

/** The system calls that reach a driver through a slot of its table. */
export type FileCall =
  | 'open'
  | 'release'
  | 'flush'
  | 'ioctl'
  | 'read'
  | 'write'
  | 'poll'
  | 'llseek'
  | 'fsync'
  | 'fadvise'
  | 'get_unmapped_area';

/** Names of the slots by call; a call that is missing never reaches a driver through this table. */
type SlotNames = Readonly<Partial<Record<FileCall, string>>>;

const sameNames: SlotNames = {
  open: 'open',
  release: 'release',
  flush: 'flush',
  ioctl: 'unlocked_ioctl',
  read: 'read',
  write: 'write',
  poll: 'poll',
  llseek: 'llseek',
  fsync: 'fsync',
  fadvise: 'fadvise',
  get_unmapped_area: 'get_unmapped_area',
};

const byContainer: Readonly<Record<string, SlotNames>> = {
  file_operations: sameNames,
  proc_ops: {
    open: 'proc_open',
    release: 'proc_release',
    ioctl: 'proc_ioctl',
    read: 'proc_read',
    write: 'proc_write',
    poll: 'proc_poll',
    llseek: 'proc_lseek',
    get_unmapped_area: 'proc_get_unmapped_area',
  },
  v4l2_file_operations: { open: 'open', release: 'release', ioctl: 'unlocked_ioctl', read: 'read', write: 'write', poll: 'poll' },
  fb_ops: { open: 'fb_open', release: 'fb_release', ioctl: 'fb_ioctl', read: 'fb_read', write: 'fb_write' },
  uio_info: { open: 'open', release: 'release' },
  snd_pcm_ops: { open: 'open', release: 'close', ioctl: 'ioctl' },
  snd_hwdep_ops: { open: 'open', release: 'release', ioctl: 'ioctl', read: 'read', write: 'write', poll: 'poll', llseek: 'llseek' },
  snd_info_entry_ops: { open: 'open', release: 'release', ioctl: 'ioctl', read: 'read', write: 'write', poll: 'poll', llseek: 'llseek' },
  vfio_device_ops: { open: 'open_device', release: 'close_device', ioctl: 'ioctl', read: 'read', write: 'write' },
};

/** The slot of a table of this kind that a system call reaches. */
export function slotFor(container: string, call: FileCall): string | undefined {
  return byContainer[container]?.[call];
}
