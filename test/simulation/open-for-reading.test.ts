/** A driver that lets itself be opened for reading only is told by a program that only reads. */
import { describe, expect, test } from 'vitest';
import { traceOf } from './support/simulate.ts';

/** A driver with one page whose open function begins with `check`. */
function driverThatOpens(check: string): string {
  return `#include <linux/module.h>
#include <linux/fs.h>
#include <linux/mm.h>
#include <linux/miscdevice.h>

static unsigned long log_page;

static int log_open(struct inode *inode, struct file *file)
{
	${check}
	return 0;
}

static int log_mmap(struct file *file, struct vm_area_struct *vma)
{
	if (vma->vm_end - vma->vm_start != PAGE_SIZE || vma->vm_pgoff)
		return -EINVAL;
	return remap_pfn_range(vma, vma->vm_start, virt_to_phys((void *)log_page) >> PAGE_SHIFT, PAGE_SIZE, vma->vm_page_prot);
}

static const struct file_operations log_fops = {
	.owner = THIS_MODULE,
	.open = log_open,
	.mmap = log_mmap,
};
static struct miscdevice log_dev = { .minor = MISC_DYNAMIC_MINOR, .name = "log", .fops = &log_fops };

static int __init log_init(void)
{
	log_page = get_zeroed_page(GFP_KERNEL);
	if (!log_page)
		return -ENOMEM;
	return misc_register(&log_dev);
}

static void __exit log_exit(void)
{
	misc_deregister(&log_dev);
	free_page(log_page);
}

module_init(log_init);
module_exit(log_exit);
`;
}

describe('the default scenario', () => {
  test('opens for reading where the driver refuses to be written, and runs its open function', async () => {
    const trace = await traceOf(driverThatOpens('if (file->f_mode & FMODE_WRITE)\n\t\treturn -EROFS;'));
    expect(trace.scenario).toMatch(/^open ro\b/m);
    expect(trace.scenario).toMatch(/^a = mmap len \S+ off 0 prot r shared/m);
    expect(trace.verdict).toMatchObject({ outcome: 'completed', problems: [] });
    expect(trace.assumptions.map(({ name }) => name)).not.toContain('open(2)');
  });

  test('opens for reading and writing where the driver does not care', async () => {
    const trace = await traceOf(driverThatOpens(''));
    expect(trace.scenario).toMatch(/^open rw\b/m);
  });

  test('keeps the way with writing where reading alone is no help', async () => {
    const trace = await traceOf(driverThatOpens('if (!(file->f_mode & FMODE_WRITE))\n\t\treturn -EACCES;\n\treturn -EBUSY;'));
    expect(trace.scenario).toMatch(/^open rw\b/m);
    expect(trace.assumptions).toContainEqual(expect.objectContaining({ name: 'open(2)', reason: expect.stringContaining('-EBUSY') }));
  });
});
