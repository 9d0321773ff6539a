/** What a kernel says that checks itself: only where the target has the option, and only once where lockdep is asked. */
import { expect, test } from 'vitest';
import { traceOf } from '../support/simulate.ts';

/** A driver whose mmap handler has this body, and so does its ioctl. */
const driverWith = (mmap: string, ioctl: string) => `#include <linux/module.h>
#include <linux/fs.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/uaccess.h>
#include <linux/miscdevice.h>

struct held {
	struct mutex lock;
};

static DEFINE_MUTEX(own_lock);
static DEFINE_SPINLOCK(own_spinlock);
static struct page *block;
static int number;

static int own_mmap(struct file *file, struct vm_area_struct *vma)
{
	void __user *buffer = (void __user *)(vma->vm_pgoff << PAGE_SHIFT);
	int left = 0;

	(void)buffer;
	${mmap}
	return left ? -EFAULT : 0;
}

static long own_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	struct held *held;
	void *memory;

	${ioctl}
	return 0;
}

static const struct file_operations own_fops = { .owner = THIS_MODULE, .mmap = own_mmap, .unlocked_ioctl = own_ioctl };
static struct miscdevice own_dev = { .minor = MISC_DYNAMIC_MINOR, .name = "own", .fops = &own_fops };

static int __init own_init(void)
{
	block = alloc_pages(GFP_KERNEL | __GFP_ZERO | __GFP_COMP, 2);
	return block ? misc_register(&own_dev) : -ENOMEM;
}

module_init(own_init);
MODULE_LICENSE("GPL");
`;

const scenario = 'open rw\na = mmap len 1p off 0 prot rw shared\nioctl 1\nioctl 2\n';

/** What the kernel prints in the scenario. */
async function linesOf(text: string, option?: string): Promise<readonly (string | undefined)[]> {
  const { steps } = await traceOf(text, { handler: 'own_mmap', scenario, config: option === undefined ? {} : { [option]: 'y' } });
  return steps.flatMap(({ problems }) => problems.map(({ kernelLine }) => kernelLine));
}

const atomic = 'BUG: sleeping function called from invalid context';

test.each([
  ['a lock that is kept', 'mutex_trylock(&own_lock);', 'CONFIG_PROVE_LOCKING', ['WARNING: lock held when returning to user space!']],
  [
    'a lock that is freed while it is held',
    'held = kzalloc(sizeof(*held), GFP_KERNEL); mutex_init(&held->lock); mutex_lock(&held->lock); kfree(held);',
    'CONFIG_PROVE_LOCKING',
    ['WARNING: held lock freed!'],
  ],
  ['a lock that nobody holds', 'mutex_unlock(&own_lock);', 'CONFIG_PROVE_LOCKING', ['WARNING: bad unlock balance detected!']],
  [
    'an allocation that may wait under a spinlock',
    'spin_lock(&own_spinlock); memory = kmalloc(64, GFP_KERNEL); spin_unlock(&own_spinlock); kfree(memory);',
    'CONFIG_DEBUG_ATOMIC_SLEEP',
    [atomic],
  ],
  [
    'a mutex while RCU is read',
    'rcu_read_lock(); mutex_lock(&own_lock); mutex_unlock(&own_lock); rcu_read_unlock();',
    'CONFIG_DEBUG_ATOMIC_SLEEP',
    [atomic],
  ],
  [
    'the mark of a page in a compound block',
    'SetPageReserved(block + 1);',
    'CONFIG_DEBUG_VM',
    ['page dumped because: VM_BUG_ON_PAGE(1 && PageCompound(page))\nkernel BUG at include/linux/page-flags.h!'],
  ],
  [
    'a page that is not locked',
    'unlock_page(block);',
    'CONFIG_DEBUG_VM',
    ['page dumped because: VM_BUG_ON_FOLIO(!folio_test_locked(folio))\nkernel BUG at mm/filemap.c!'],
  ],
])('%s', async (_what, ioctl, option, lines) => {
  const text = driverWith('', ioctl);
  expect(await linesOf(text)).toEqual([]);
  expect(await linesOf(text, option)).toEqual(lines);
});

test('what may wait may do so when nothing forbids it any more', async () => {
  const ioctl = 'spin_lock(&own_spinlock); number++; spin_unlock(&own_spinlock); memory = kmalloc(64, GFP_KERNEL); kfree(memory);';
  expect(await linesOf(driverWith('', ioctl), 'CONFIG_DEBUG_ATOMIC_SLEEP')).toEqual([]);
  const isAtomic = 'spin_lock(&own_spinlock); memory = kmalloc(64, GFP_ATOMIC); spin_unlock(&own_spinlock); kfree(memory);';
  expect(await linesOf(driverWith('', isAtomic), 'CONFIG_DEBUG_ATOMIC_SLEEP')).toEqual([]);
});

test('user memory under the mmap lock', async () => {
  const text = driverWith('left = copy_to_user(buffer, &number, sizeof(number));', '');
  expect(await linesOf(text, 'CONFIG_LOCKDEP')).toContain('WARNING: possible recursive locking detected');
  expect(await linesOf(text)).not.toContain('WARNING: possible recursive locking detected');
});
