/** The last `fput` of a mapped file: since 3.6 `release` runs when the task has dropped the mmap lock, before that under it. */
import { expect, test } from 'vitest';
import { traceOf } from '../support/simulate.ts';

const driver = `#include <linux/module.h>
#include <linux/fs.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/uaccess.h>
#include <linux/miscdevice.h>

static DEFINE_MUTEX(probe_lock);
static int probe_value;
static unsigned long probe_page;

static long probe_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	long left;

	mutex_lock(&probe_lock);
	left = copy_to_user((void __user *)arg, &probe_value, sizeof(probe_value));
	mutex_unlock(&probe_lock);
	return left ? -EFAULT : 0;
}

static int probe_release(struct inode *inode, struct file *file)
{
	mutex_lock(&probe_lock);
	probe_value = 0;
	mutex_unlock(&probe_lock);
	return 0;
}

static int probe_mmap(struct file *file, struct vm_area_struct *vma)
{
	if (vma->vm_end - vma->vm_start != PAGE_SIZE || vma->vm_pgoff)
		return -EINVAL;
	return remap_pfn_range(vma, vma->vm_start, virt_to_phys((void *)probe_page) >> PAGE_SHIFT, PAGE_SIZE, vma->vm_page_prot);
}

static const struct file_operations probe_fops = {
	.owner = THIS_MODULE,
	.unlocked_ioctl = probe_ioctl,
	.release = probe_release,
	.mmap = probe_mmap,
};
static struct miscdevice probe_dev = { .minor = MISC_DYNAMIC_MINOR, .name = "probe", .fops = &probe_fops };

static int __init probe_init(void)
{
	probe_page = get_zeroed_page(GFP_KERNEL);
	return probe_page ? misc_register(&probe_dev) : -ENOMEM;
}

static void __exit probe_exit(void)
{
	misc_deregister(&probe_dev);
	free_page(probe_page);
}

module_init(probe_init);
module_exit(probe_exit);
MODULE_LICENSE("GPL");
`;

const scenario = 'open rw\na = mmap len 1p off 0 prot rw shared\nioctl 1 { u32 0 }\nclose\nmunmap a\n';

test.each([
  ['3.4', ['deadlock']],
  ['3.8', []],
  ['6.12', []],
])('takes the lock of the driver in release, on %s', async (kernel, problems) => {
  const { verdict } = await traceOf(driver, { handler: 'probe_mmap', kernel, scenario });
  expect(verdict.problems.map(({ kind }) => kind)).toEqual(problems);
});
