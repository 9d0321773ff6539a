// kernel: 6.12
/* The boot log of a controller may be read, and never be written. */
#include <linux/fs.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/vmalloc.h>

struct bootlog {
	void *text;
};

static int bootlog_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct bootlog *log = file->private_data;

	if (vma->vm_flags & (VM_WRITE | VM_EXEC))
		return -EPERM;
	vm_flags_clear(vma, VM_MAYWRITE | VM_MAYEXEC);
	return remap_vmalloc_range(vma, log->text, vma->vm_pgoff);
}

static const struct file_operations bootlog_fops = {
	.owner = THIS_MODULE,
	.mmap = bootlog_mmap,
};

static int bootlog_start(struct bootlog *log)
{
	log->text = vmalloc_user(16 * PAGE_SIZE);
	return log->text ? 0 : -ENOMEM;
}
