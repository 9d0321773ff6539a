/* Counted pages are inserted into a vma that holds raw pfns already: the kernel stops. */
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

static struct page *head_page;
static struct page *data_page;

static int panel_mmap(struct file *file, struct vm_area_struct *vma)
{
	int ret;

	if (vma->vm_pgoff != 0 || vma_pages(vma) != 2)
		return -EINVAL;
	if (!(vma->vm_flags & VM_SHARED))
		return -EINVAL;
	ret = remap_pfn_range(vma, vma->vm_start, page_to_pfn(head_page), PAGE_SIZE, vma->vm_page_prot);
	if (ret)
		return ret;
	return vm_insert_page(vma, vma->vm_start + PAGE_SIZE, data_page);
}

static const struct file_operations panel_fops = {
	.owner = THIS_MODULE,
	.mmap = panel_mmap,
};

static struct miscdevice panel_misc = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "panel",
	.fops = &panel_fops,
};

static int __init panel_init(void)
{
	head_page = alloc_page(GFP_KERNEL | __GFP_ZERO);
	data_page = alloc_page(GFP_KERNEL | __GFP_ZERO);
	if (!head_page || !data_page)
		return -ENOMEM;
	return misc_register(&panel_misc);
}

static void __exit panel_exit(void)
{
	misc_deregister(&panel_misc);
	__free_page(head_page);
	__free_page(data_page);
}

module_init(panel_init);
module_exit(panel_exit);
MODULE_LICENSE("GPL");
