// kernel: 6.12
/* A trace in /proc of one allocation of contiguous pages. */
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/proc_fs.h>
#include <linux/io.h>
#include <linux/gfp.h>

#define TRACE_ORDER 3
#define TRACE_BYTES (PAGE_SIZE << TRACE_ORDER)

static unsigned long trace_memory;

static int trace_proc_mmap(struct file *file, struct vm_area_struct *vma)
{
	unsigned long length = vma->vm_end - vma->vm_start;

	if (vma->vm_pgoff != 0)
		return -EINVAL;
	if (length > TRACE_BYTES)
		return -EINVAL;
	return remap_pfn_range(vma, vma->vm_start, virt_to_phys((void *)trace_memory) >> PAGE_SHIFT,
			       length, vma->vm_page_prot);
}

static const struct proc_ops trace_proc_ops = {
	.proc_mmap = trace_proc_mmap,
};

static int __init trace_init(void)
{
	trace_memory = __get_free_pages(GFP_KERNEL | __GFP_ZERO | __GFP_COMP, TRACE_ORDER);
	if (!trace_memory)
		return -ENOMEM;
	proc_create("trace", 0600, NULL, &trace_proc_ops);
	return 0;
}
