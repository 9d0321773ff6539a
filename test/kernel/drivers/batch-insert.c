// SPDX-License-Identifier: MIT
/*
 * Inserts its pages in batches when it is mapped: vm_insert_pages() for the first half, vm_insert_page() for the rest; what fails half way is returned as it is. The fault
 * handler fills holes that programs make with MADV_DONTNEED for even pages, and refuses odd ones. ioctl 0x101 sets after how many pages the mmap function gives up.
 */
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/slab.h>

static unsigned int count_mmap, count_fault;
module_param(count_mmap, uint, 0444);
module_param(count_fault, uint, 0444);

static unsigned int batch_pages = 6;
module_param(batch_pages, uint, 0444);

static struct page **batch;
static unsigned long batch_limit = ULONG_MAX;

static vm_fault_t batch_fault(struct vm_fault *vmf)
{
	count_fault++;
	if (vmf->pgoff >= batch_pages)
		return VM_FAULT_SIGBUS;
	if (vmf->pgoff & 1)
		return VM_FAULT_SIGSEGV;
	get_page(batch[vmf->pgoff]);
	vmf->page = batch[vmf->pgoff];
	return 0;
}

static const struct vm_operations_struct batch_vm_ops = {
	.fault = batch_fault,
};

static int batch_mmap(struct file *file, struct vm_area_struct *vma)
{
	unsigned long first = vma->vm_pgoff, count = vma_pages(vma);
	unsigned long half, i;
	int err;

	count_mmap++;
	if (first >= batch_pages || count > batch_pages - first)
		return -ENXIO;
	half = count / 2;
	if (half) {
		err = vm_insert_pages(vma, vma->vm_start, batch + first, &half);
		if (err)
			return err;
	}
	for (i = count / 2; i < count; i++) {
		if (i >= batch_limit)
			return -ENOSPC;
		err = vm_insert_page(vma, vma->vm_start + i * PAGE_SIZE, batch[first + i]);
		if (err)
			return err;
	}
	vma->vm_ops = &batch_vm_ops;
	return 0;
}

static long batch_ioctl(struct file *file, unsigned int command, unsigned long argument)
{
	if (command != 0x101)
		return -ENOTTY;
	batch_limit = argument;
	return page_count(batch[0]);
}

static const struct file_operations batch_fops = {
	.owner = THIS_MODULE,
	.unlocked_ioctl = batch_ioctl,
	.mmap = batch_mmap,
};

static struct miscdevice batch_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "batch-insert",
	.fops = &batch_fops,
};

static void batch_free(void)
{
	unsigned int i;

	for (i = 0; i < batch_pages; i++)
		if (batch[i])
			put_page(batch[i]);
	kfree(batch);
}

static int __init batch_init(void)
{
	unsigned int i;
	int err = -ENOMEM;

	batch = kcalloc(batch_pages, sizeof(*batch), GFP_KERNEL);
	if (!batch)
		return err;
	for (i = 0; i < batch_pages; i++) {
		batch[i] = alloc_page(GFP_HIGHUSER | __GFP_ZERO);
		if (!batch[i])
			goto failed;
		sprintf(page_address(batch[i]), "batch %u", i);
	}
	err = misc_register(&batch_device);
	if (!err)
		return 0;
failed:
	batch_free();
	return err;
}
module_init(batch_init);

static void __exit batch_exit(void)
{
	misc_deregister(&batch_device);
	batch_free();
}
module_exit(batch_exit);

MODULE_DESCRIPTION("Inserts its pages in batches");
MODULE_LICENSE("GPL");
