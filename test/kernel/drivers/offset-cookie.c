// SPDX-License-Identifier: MIT
/*
 * Offsets are cookies: the mmap function takes the high part for the kind of memory and puts the low part into vm_pgoff. ioctl 0x101 unmaps by the offset that the
 * program gave, 0x102 by the one that stands in the vma now; the private data is the cookie. Kind 1 is a page by the fault handler, kind 2 are inserted pages, kind 3
 * is remapped memory.
 */
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>

static unsigned int count_mmap, count_fault, count_open, count_close;
module_param(count_mmap, uint, 0444);
module_param(count_fault, uint, 0444);
module_param(count_open, uint, 0444);
module_param(count_close, uint, 0444);

#define COOKIE_SHIFT 8
#define COOKIE_PAGES 4

static struct page *cookie_pages[COOKIE_PAGES];
static unsigned long cookie_users;

static void cookie_open(struct vm_area_struct *vma)
{
	count_open++;
	cookie_users += (unsigned long)vma->vm_private_data;
}

static void cookie_close(struct vm_area_struct *vma)
{
	count_close++;
	cookie_users -= (unsigned long)vma->vm_private_data;
}

static vm_fault_t cookie_fault(struct vm_fault *vmf)
{
	unsigned long index = (vmf->address - vmf->vma->vm_start) >> PAGE_SHIFT;

	count_fault++;
	if ((unsigned long)vmf->vma->vm_private_data != 1)
		return VM_FAULT_SIGSEGV;
	index += vmf->vma->vm_pgoff;
	if (index >= COOKIE_PAGES)
		return VM_FAULT_SIGBUS;
	get_page(cookie_pages[index]);
	vmf->page = cookie_pages[index];
	return 0;
}

static const struct vm_operations_struct cookie_vm_ops = {
	.open = cookie_open,
	.close = cookie_close,
	.fault = cookie_fault,
};

static int cookie_mmap(struct file *file, struct vm_area_struct *vma)
{
	unsigned long kind = vma->vm_pgoff >> COOKIE_SHIFT;
	unsigned long first = vma->vm_pgoff & ((1UL << COOKIE_SHIFT) - 1);
	unsigned long i;
	int err = 0;

	count_mmap++;
	if (first + vma_pages(vma) > COOKIE_PAGES)
		return -EINVAL;
	vma->vm_pgoff = first;
	switch (kind) {
	case 1:
		break;
	case 2:
		err = vm_map_pages(vma, cookie_pages, COOKIE_PAGES);
		break;
	case 3:
		for (i = 0; i < vma_pages(vma) && !err; i++)
			err = remap_pfn_range(vma, vma->vm_start + i * PAGE_SIZE, page_to_pfn(cookie_pages[first + i]), PAGE_SIZE, vma->vm_page_prot);
		break;
	default:
		return -ENODEV;
	}
	if (err)
		return err;
	vma->vm_private_data = (void *)kind;
	vma->vm_ops = &cookie_vm_ops;
	cookie_users += kind;
	return 0;
}

static long cookie_ioctl(struct file *file, unsigned int command, unsigned long argument)
{
	switch (command) {
	case 0x101:
		unmap_mapping_range(file->f_mapping, (loff_t)argument << (COOKIE_SHIFT + PAGE_SHIFT), COOKIE_PAGES << PAGE_SHIFT, 1);
		return 0;
	case 0x102:
		unmap_mapping_range(file_inode(file)->i_mapping, argument << PAGE_SHIFT, PAGE_SIZE, argument & 1);
		return 0;
	case 0x103:
		return cookie_users;
	}
	return -EINVAL;
}

static const struct file_operations cookie_fops = {
	.owner = THIS_MODULE,
	.unlocked_ioctl = cookie_ioctl,
	.mmap = cookie_mmap,
};

static struct miscdevice cookie_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "offset-cookie",
	.fops = &cookie_fops,
};

static int __init cookie_init(void)
{
	int i;

	for (i = 0; i < COOKIE_PAGES; i++) {
		cookie_pages[i] = alloc_page(GFP_KERNEL | __GFP_ZERO);
		if (!cookie_pages[i])
			return -ENOMEM;
		strscpy(page_address(cookie_pages[i]), i & 1 ? "odd" : "even", 8);
	}
	return misc_register(&cookie_device);
}
module_init(cookie_init);

static void __exit cookie_exit(void)
{
	int i;

	misc_deregister(&cookie_device);
	for (i = 0; i < COOKIE_PAGES; i++)
		__free_page(cookie_pages[i]);
}
module_exit(cookie_exit);

MODULE_DESCRIPTION("Offsets are cookies");
MODULE_LICENSE("GPL");
