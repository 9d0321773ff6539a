// SPDX-License-Identifier: MIT
/*
 * Looks at memory of the program that it gets an address of, its own mappings among it: ioctl 0x101 reads the first number by get_user_pages_fast(), 0x102 with
 * pin_user_pages() and the lock held, for writing, and adds one to it, 0x103 by access_process_vm(), 0x104 by get_user(), 0x105 by copy_from_user() of 8 bytes
 * with faults off.
 */
#include <linux/fs.h>
#include <linux/highmem.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/sched.h>
#include <linux/uaccess.h>
#include <linux/version.h>

#include "compat.h"

static unsigned int count_mmap, count_fault;
module_param(count_mmap, uint, 0444);
module_param(count_fault, uint, 0444);

static struct page *view_pages[3];

static vm_fault_t view_fault(struct vm_fault *vmf)
{
	count_fault++;
	if (vmf->pgoff % 4 >= ARRAY_SIZE(view_pages))
		return VM_FAULT_SIGBUS;
	if (vmf->vma->vm_flags & VM_PFNMAP)
		return vmf_insert_pfn(vmf->vma, vmf->address, page_to_pfn(view_pages[vmf->pgoff % 4]));
	vmf->page = view_pages[vmf->pgoff % 4];
	get_page(vmf->page);
	return 0;
}

static const struct vm_operations_struct view_vm_ops = {
	.fault = view_fault,
};

/* Offsets from 4 on are for pfns. */
static int view_mmap(struct file *file, struct vm_area_struct *vma)
{
	count_mmap++;
	if (vma->vm_pgoff >= 4)
		vm_flags_set(vma, VM_PFNMAP);
	vma->vm_ops = &view_vm_ops;
	return 0;
}

static long view_fast(unsigned long addr)
{
	struct page *page;
	u32 *word;
	long ret = get_user_pages_fast(addr & PAGE_MASK, 1, 0, &page);

	if (ret != 1)
		return ret;
	word = kmap_local_page(page) + offset_in_page(addr);
	ret = READ_ONCE(*word) & 0xffff;
	kunmap_local(word);
	put_page(page);
	return ret;
}

static long view_add(unsigned long addr)
{
	struct page *page;
	u32 *word;
	long ret;

	mmap_read_lock(current->mm);
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 5, 0)
	ret = pin_user_pages(addr & PAGE_MASK, 1, FOLL_WRITE, &page, NULL);
#else
	ret = pin_user_pages(addr & PAGE_MASK, 1, FOLL_WRITE, &page);
#endif
	mmap_read_unlock(current->mm);
	if (ret != 1)
		return ret;
	word = kmap_local_page(page) + offset_in_page(addr);
	ret = ++*word & 0xffff;
	kunmap_local(word);
	unpin_user_pages_dirty_lock(&page, 1, true);
	return ret;
}

static long view_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	u64 wide = 0;
	u32 word = 0;
	long ret;

	switch (cmd) {
	case 0x101:
		return view_fast(arg);
	case 0x102:
		return view_add(arg);
	case 0x103:
		ret = access_process_vm(current, arg, &word, sizeof(word), 0);
		return ret == sizeof(word) ? word & 0xffff : -EFAULT;
	case 0x104:
		return get_user(word, (u32 __user *)arg) ?: word & 0xffff;
	case 0x105:
		pagefault_disable();
		ret = copy_from_user(&wide, (void __user *)arg, sizeof(wide));
		pagefault_enable();
		return ret ? ret : wide & 0xffff;
	}
	return -ENOTTY;
}

static const struct file_operations view_fops = {
	.owner = THIS_MODULE,
	.mmap = view_mmap,
	.unlocked_ioctl = view_ioctl,
};

static struct miscdevice view_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "own-view",
	.fops = &view_fops,
};

static int __init view_init(void)
{
	int i;

	for (i = 0; i < ARRAY_SIZE(view_pages); i++) {
		view_pages[i] = alloc_page(GFP_KERNEL | __GFP_ZERO);
		if (!view_pages[i])
			return -ENOMEM;
		*(u32 *)page_address(view_pages[i]) = 0x700 + i;
	}
	return misc_register(&view_device);
}
module_init(view_init);

static void __exit view_exit(void)
{
	int i;

	misc_deregister(&view_device);
	for (i = 0; i < ARRAY_SIZE(view_pages); i++)
		__free_page(view_pages[i]);
}
module_exit(view_exit);

MODULE_DESCRIPTION("Looks at memory of the program");
MODULE_LICENSE("GPL");
