/* The memory is a page of its own. */
#include <linux/fs.h>
#include <linux/gfp.h>
#include <linux/io.h>
#include <linux/kref.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/vmalloc.h>

static void *note;

static int note_mmap(struct file *file, struct vm_area_struct *vma)
{
	if (vma->vm_pgoff != 0 || vma_pages(vma) != 1)
		return -EINVAL;
	return remap_pfn_range(vma, vma->vm_start, virt_to_phys(note) >> PAGE_SHIFT, PAGE_SIZE, vma->vm_page_prot);
}

static const struct file_operations note_fops = {
	.owner = THIS_MODULE,
	.mmap = note_mmap,
};

static struct miscdevice note_misc = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "note",
	.fops = &note_fops,
};

static int __init note_init(void)
{
	note = (void *)get_zeroed_page(GFP_KERNEL);
	if (!note)
		return -ENOMEM;
	return misc_register(&note_misc);
}

static void __exit note_exit(void)
{
	misc_deregister(&note_misc);
	free_page((unsigned long)note);
}

module_init(note_init);
module_exit(note_exit);
MODULE_LICENSE("GPL");
