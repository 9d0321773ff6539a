// SPDX-License-Identifier: MIT
/*
 * Weaves any memory with any call: ioctl 0x101 chooses the memory, 0x102 the call, 0x103 and 0x104 the flags that are set and cleared before it,
 * 0x105 the operations of the vma. 0x106 PAGE unmaps from that page of the file on, 0x107 the same with private copies, 0x108 tells what the last
 * call gave.
 */
#include <linux/fs.h>
#include <linux/io.h>
#include <linux/ioport.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/pagemap.h>
#include <linux/pfn_t.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>

#include "compat.h"

static unsigned int count_mmap, count_fault, count_page_mkwrite, count_pfn_mkwrite, count_access;
module_param(count_mmap, uint, 0444);
module_param(count_fault, uint, 0444);
module_param(count_page_mkwrite, uint, 0444);
module_param(count_pfn_mkwrite, uint, 0444);
module_param(count_access, uint, 0444);

#define THREADS 4
#define RAM_BASE 0x8040000
#define HOLE_BASE 0x18040000

enum yarn { SINGLE, HIGH, COMP, SPLIT, SLAB, USERV, PLAINV, ZERO, RAM, HOLE, YARNS };

static struct loom {
	int yarn;
	int stitch;
	int ops;
	unsigned long set, clear;
	long last;
	struct page *single[THREADS];
	struct page *high, *comp, *split;
	void *slab, *userv, *plainv;
	struct resource *ram, *hole;
} loom;

static unsigned long loom_pfn(unsigned int i)
{
	switch (loom.yarn) {
	case SINGLE:
		return page_to_pfn(loom.single[i]);
	case HIGH:
		return page_to_pfn(loom.high) + i;
	case COMP:
		return page_to_pfn(loom.comp) + i;
	case SPLIT:
		return page_to_pfn(loom.split) + i;
	case SLAB:
		return virt_to_phys(loom.slab + i * PAGE_SIZE) >> PAGE_SHIFT;
	case USERV:
		return vmalloc_to_pfn(loom.userv + i * PAGE_SIZE);
	case PLAINV:
		return vmalloc_to_pfn(loom.plainv + i * PAGE_SIZE);
	case ZERO:
		return page_to_pfn(ZERO_PAGE(0));
	case RAM:
		return PHYS_PFN(RAM_BASE) + i;
	default:
		return PHYS_PFN(HOLE_BASE) + i;
	}
}

static struct page *loom_page(unsigned int i)
{
	unsigned long pfn = loom_pfn(i);

	return pfn_valid(pfn) ? pfn_to_page(pfn) : NULL;
}

static vm_fault_t loom_fault(struct vm_fault *vmf)
{
	struct vm_area_struct *vma = vmf->vma;
	unsigned int i = vmf->pgoff;

	count_fault++;
	if (i >= THREADS)
		return VM_FAULT_SIGBUS;
	switch (loom.ops) {
	case 3:
		return vmf_insert_pfn(vma, vmf->address, loom_pfn(i));
	case 4:
		return vmf_insert_mixed(vma, vmf->address, pfn_to_pfn_t(loom_pfn(i)));
	case 5:
		if (!loom_page(i))
			return VM_FAULT_OOM;
		return vmf_error(vm_insert_page(vma, vmf->address, loom_page(i)));
	case 6:
		return vmf_insert_pfn_prot(vma, vmf->address, loom_pfn(i), vm_get_page_prot(VM_READ | VM_SHARED));
	}
	vmf->page = loom_page(i);
	if (!vmf->page)
		return VM_FAULT_SIGBUS;
	get_page(vmf->page);
	return 0;
}

static vm_fault_t loom_page_mkwrite(struct vm_fault *vmf)
{
	count_page_mkwrite++;
	if (vmf->pgoff == 2)
		return VM_FAULT_SIGBUS;
	lock_page(vmf->page);
	return VM_FAULT_LOCKED;
}

static vm_fault_t loom_pfn_mkwrite(struct vm_fault *vmf)
{
	count_pfn_mkwrite++;
	return vmf->pgoff == 2 ? VM_FAULT_SIGBUS : 0;
}

static int loom_access(struct vm_area_struct *vma, unsigned long addr, void *buf, int len, int write)
{
	count_access++;
	if (write)
		return -EROFS;
	memset(buf, 0x5c, len);
	return len;
}

static const struct vm_operations_struct loom_fault_ops = {
	.fault = loom_fault,
};

static const struct vm_operations_struct loom_full_ops = {
	.fault = loom_fault,
	.page_mkwrite = loom_page_mkwrite,
	.pfn_mkwrite = loom_pfn_mkwrite,
};

static const struct vm_operations_struct loom_access_ops = {
	.access = loom_access,
};

static int loom_insert(struct vm_area_struct *vma, unsigned long limit)
{
	unsigned long i, n = min(vma_pages(vma), limit);
	int err;

	for (i = 0; i < n; i++) {
		err = vm_insert_page(vma, vma->vm_start + (i << PAGE_SHIFT), loom_page(i % THREADS));
		if (err)
			return err;
	}
	return 0;
}

static int loom_insert_array(struct vm_area_struct *vma)
{
	struct page *pages[THREADS];
	unsigned long n = THREADS;
	int err, i;

	for (i = 0; i < THREADS; i++)
		pages[i] = loom_page(i);
	if (vma_pages(vma) < n)
		n = vma_pages(vma);
	err = vm_insert_pages(vma, vma->vm_start, pages, &n);
	return err ? err : n;
}

static int loom_map_pages(struct vm_area_struct *vma, bool zero)
{
	struct page *pages[THREADS];
	int i;

	for (i = 0; i < THREADS; i++)
		pages[i] = loom_page(i);
	return zero ? vm_map_pages_zero(vma, pages, THREADS) : vm_map_pages(vma, pages, THREADS);
}

static int loom_remap_each(struct vm_area_struct *vma, bool backwards)
{
	unsigned long n = vma_pages(vma), i, at;
	int err;

	for (i = 0; i < n; i++) {
		at = backwards ? n - 1 - i : i;
		err = remap_pfn_range(vma, vma->vm_start + at * PAGE_SIZE, loom_pfn(at % THREADS), PAGE_SIZE, vma->vm_page_prot);
		if (err)
			return err;
	}
	return 0;
}

static int loom_vmf(struct vm_area_struct *vma)
{
	vm_fault_t got = VM_FAULT_NOPAGE;
	unsigned long addr;
	int i = 0;

	for (addr = vma->vm_start; addr < vma->vm_end && got == VM_FAULT_NOPAGE; addr += PAGE_SIZE, i++) {
		if (loom.stitch == 8)
			got = vmf_insert_pfn(vma, addr, loom_pfn(i % THREADS));
		else if (loom.stitch == 9)
			got = vmf_insert_mixed(vma, addr, pfn_to_pfn_t(loom_pfn(i % THREADS)));
		else
			got = vmf_insert_pfn_prot(vma, addr, loom_pfn(i % THREADS), vm_get_page_prot(VM_READ | VM_SHARED));
	}
	if (got == VM_FAULT_NOPAGE)
		return 0;
	return got == VM_FAULT_OOM ? -ENOMEM : -EFAULT;
}

static int loom_weave(struct vm_area_struct *vma)
{
	unsigned long size = vma->vm_end - vma->vm_start;

	switch (loom.stitch) {
	case 0:
		return loom_insert(vma, ULONG_MAX);
	case 1:
		return loom_insert_array(vma);
	case 2:
	case 3:
		return loom_map_pages(vma, loom.stitch == 3);
	case 4:
		return remap_pfn_range(vma, vma->vm_start, loom_pfn(0) + vma->vm_pgoff, size, vma->vm_page_prot);
	case 5:
	case 6:
		return loom_remap_each(vma, loom.stitch == 6);
	case 7:
		return remap_pfn_range(vma, vma->vm_start, loom_pfn(0), PAGE_SIZE, PAGE_READONLY);
	case 8:
	case 9:
	case 10:
		return loom_vmf(vma);
	case 11:
		return remap_vmalloc_range(vma, loom.userv, vma->vm_pgoff);
	case 12:
		return remap_vmalloc_range(vma, loom.userv, 1);
	case 13:
		vma->vm_page_prot = pgprot_noncached(vma->vm_page_prot);
		return io_remap_pfn_range(vma, vma->vm_start, loom_pfn(0), size, vma->vm_page_prot);
	case 14:
		return vm_iomap_memory(vma, PFN_PHYS(loom_pfn(0)), THREADS * PAGE_SIZE);
	case 15:
		return loom_insert(vma, 1) ? : -EIO;
	case 16:
		return loom_insert(vma, 1) ? : remap_pfn_range(vma, vma->vm_start + PAGE_SIZE, loom_pfn(1), PAGE_SIZE, vma->vm_page_prot);
	}
	return 0;
}

static int loom_mmap(struct file *file, struct vm_area_struct *vma)
{
	count_mmap++;
	vm_flags_set(vma, loom.set);
	vm_flags_clear(vma, loom.clear);
	if (loom.ops == 1 || (loom.ops >= 3 && loom.ops <= 6))
		vma->vm_ops = &loom_fault_ops;
	else if (loom.ops == 2)
		vma->vm_ops = &loom_full_ops;
	else if (loom.ops == 7)
		vma->vm_ops = &loom_access_ops;
	loom.last = loom_weave(vma);
	return loom.last < 0 ? loom.last : 0;
}

static long loom_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	switch (cmd) {
	case 0x101:
		if (arg >= YARNS)
			return -EINVAL;
		loom.yarn = arg;
		break;
	case 0x102:
		loom.stitch = arg;
		break;
	case 0x103:
		loom.set = arg;
		break;
	case 0x104:
		loom.clear = arg;
		break;
	case 0x105:
		loom.ops = arg;
		break;
	case 0x106:
	case 0x107:
		unmap_mapping_range(file->f_mapping, (loff_t)arg << PAGE_SHIFT, 0, cmd == 0x107);
		break;
	case 0x108:
		return loom.last;
	default:
		return -ENOTTY;
	}
	return 0;
}

static const struct file_operations loom_fops = {
	.owner = THIS_MODULE,
	.mmap = loom_mmap,
	.unlocked_ioctl = loom_ioctl,
};

static struct miscdevice loom_misc = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "loom",
	.fops = &loom_fops,
};

static int __init loom_init(void)
{
	int i;

	for (i = 0; i < THREADS; i++) {
		loom.single[i] = alloc_page(GFP_KERNEL | __GFP_ZERO);
		if (!loom.single[i])
			return -ENOMEM;
		*(u32 *)page_address(loom.single[i]) = 0x100 + i;
	}
	loom.high = alloc_pages(GFP_KERNEL | __GFP_ZERO, 2);
	loom.comp = alloc_pages(GFP_KERNEL | __GFP_ZERO | __GFP_COMP, 2);
	loom.split = alloc_pages(GFP_KERNEL | __GFP_ZERO, 2);
	loom.slab = kzalloc(THREADS * PAGE_SIZE, GFP_KERNEL);
	loom.userv = vmalloc_user(THREADS * PAGE_SIZE);
	loom.plainv = vzalloc(THREADS * PAGE_SIZE);
	if (!loom.high || !loom.comp || !loom.split || !loom.slab || !loom.userv || !loom.plainv)
		return -ENOMEM;
	split_page(loom.split, 2);
	for (i = 0; i < THREADS; i++) {
		*(u32 *)page_address(loom.high + i) = 0x200 + i;
		*(u32 *)page_address(loom.comp + i) = 0x300 + i;
		*(u32 *)page_address(loom.split + i) = 0x400 + i;
		*(u32 *)(loom.slab + i * PAGE_SIZE) = 0x500 + i;
		*(u32 *)(loom.userv + i * PAGE_SIZE) = 0x600 + i;
		*(u32 *)(loom.plainv + i * PAGE_SIZE) = 0x700 + i;
	}
	loom.ram = request_mem_region(RAM_BASE, THREADS * PAGE_SIZE, "loom");
	loom.hole = request_mem_region(HOLE_BASE, THREADS * PAGE_SIZE, "loom");
	if (!loom.ram || !loom.hole)
		return -EBUSY;
	return misc_register(&loom_misc);
}

static void __exit loom_exit(void)
{
	int i;

	misc_deregister(&loom_misc);
	release_mem_region(HOLE_BASE, THREADS * PAGE_SIZE);
	release_mem_region(RAM_BASE, THREADS * PAGE_SIZE);
	vfree(loom.plainv);
	vfree(loom.userv);
	kfree(loom.slab);
	for (i = 0; i < THREADS; i++) {
		__free_page(loom.split + i);
		__free_page(loom.single[i]);
	}
	__free_pages(loom.comp, 2);
	__free_pages(loom.high, 2);
}

module_init(loom_init);
module_exit(loom_exit);
MODULE_DESCRIPTION("Weaves any memory with any call");
MODULE_LICENSE("GPL");
