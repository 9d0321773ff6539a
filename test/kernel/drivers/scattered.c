// SPDX-License-Identifier: MIT
/*
 * A buffer of several pieces behind a scatter-gather table, as capture drivers keep them. The offset says how it is mapped: page by page with an
 * iterator (0), piece by piece by pfn (16), or by fault (32). read() copies out of the table, ioctl tells of its pieces.
 */
#include <linux/fs.h>
#include <linux/io.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/scatterlist.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

static unsigned int count_mmap, count_fault;
module_param(count_mmap, uint, 0444);
module_param(count_fault, uint, 0444);

#define SCATTERED_PAGES 7
#define SCATTERED_WAY 16

/* Orders of the blocks that make the buffer up: 4 + 2 + 1 pages. */
static const unsigned int scattered_orders[] = { 2, 1, 0 };

struct scattered {
	struct sg_table table;
	struct page *block[ARRAY_SIZE(scattered_orders)];
};

static struct scattered scattered;

static int scattered_by_page(struct vm_area_struct *vma)
{
	struct sg_page_iter iter;
	unsigned long address = vma->vm_start;
	int err;

	for_each_sgtable_page(&scattered.table, &iter, 0) {
		if (address == vma->vm_end)
			break;
		err = vm_insert_page(vma, address, sg_page_iter_page(&iter));
		if (err)
			return err;
		address += PAGE_SIZE;
	}
	return 0;
}

static int scattered_by_piece(struct vm_area_struct *vma)
{
	unsigned long address = vma->vm_start;
	struct scatterlist *sg;
	unsigned int i;
	int err;

	for_each_sgtable_sg(&scattered.table, sg, i) {
		unsigned long length = min_t(unsigned long, sg->length, vma->vm_end - address);

		err = remap_pfn_range(vma, address, page_to_pfn(sg_page(sg)), length, vma->vm_page_prot);
		if (err)
			return err;
		address += length;
		if (address >= vma->vm_end)
			break;
	}
	return 0;
}

static vm_fault_t scattered_fault(struct vm_fault *vmf)
{
	unsigned long wanted = vmf->pgoff - 2 * SCATTERED_WAY;
	struct scatterlist *sg;
	unsigned int i;

	count_fault++;
	for_each_sg(scattered.table.sgl, sg, scattered.table.nents, i) {
		unsigned long pages = sg->length >> PAGE_SHIFT;

		if (wanted < pages) {
			struct page *page = nth_page(sg_page(sg), wanted);

			get_page(page);
			vmf->page = page;
			return 0;
		}
		wanted -= pages;
	}
	return VM_FAULT_SIGBUS;
}

static const struct vm_operations_struct scattered_vm_ops = {
	.fault = scattered_fault,
};

static int scattered_mmap(struct file *file, struct vm_area_struct *vma)
{
	unsigned long way = vma->vm_pgoff / SCATTERED_WAY;

	count_mmap++;
	if (vma->vm_pgoff % SCATTERED_WAY && way != 2)
		return -EINVAL;
	if (vma_pages(vma) > SCATTERED_PAGES)
		return -EINVAL;
	switch (way) {
	case 0:
		return scattered_by_page(vma);
	case 1:
		return scattered_by_piece(vma);
	case 2:
		vma->vm_ops = &scattered_vm_ops;
		return 0;
	}
	return -ENODEV;
}

static ssize_t scattered_read(struct file *file, char __user *to, size_t length, loff_t *position)
{
	size_t total = SCATTERED_PAGES * PAGE_SIZE;
	void *bounce;
	size_t copied;

	if (*position >= total)
		return 0;
	length = min_t(size_t, length, total - *position);
	bounce = kvmalloc(length, GFP_KERNEL);
	if (!bounce)
		return -ENOMEM;
	copied = sg_pcopy_to_buffer(scattered.table.sgl, scattered.table.orig_nents, bounce, length, *position);
	if (copy_to_user(to, bounce, copied)) {
		kvfree(bounce);
		return -EFAULT;
	}
	kvfree(bounce);
	*position += copied;
	return copied;
}

static ssize_t scattered_write(struct file *file, const char __user *from, size_t length, loff_t *position)
{
	void *bounce = memdup_user(from, length);
	size_t copied;

	if (IS_ERR(bounce))
		return PTR_ERR(bounce);
	copied = sg_pcopy_from_buffer(scattered.table.sgl, scattered.table.orig_nents, bounce, length, *position);
	kfree(bounce);
	*position += copied;
	return copied ?: -ENOSPC;
}

static long scattered_ioctl(struct file *file, unsigned int command, unsigned long argument)
{
	struct scatterlist *sg;
	unsigned int i;

	switch (command) {
	case 0x101:
		return scattered.table.nents;
	case 0x102:
		for_each_sg(scattered.table.sgl, sg, scattered.table.nents, i)
			if (i == argument)
				return sg->length;
		return -ERANGE;
	case 0x103:
		return sg_nents_for_len(scattered.table.sgl, argument);
	}
	return -ENOTTY;
}

static const struct file_operations scattered_fops = {
	.owner = THIS_MODULE,
	.llseek = default_llseek,
	.read = scattered_read,
	.write = scattered_write,
	.unlocked_ioctl = scattered_ioctl,
	.mmap = scattered_mmap,
};

static struct miscdevice scattered_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "scattered",
	.fops = &scattered_fops,
};

static void scattered_free(void)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(scattered_orders); i++)
		if (scattered.block[i])
			__free_pages(scattered.block[i], scattered_orders[i]);
	sg_free_table(&scattered.table);
}

static int __init scattered_init(void)
{
	struct scatterlist *sg;
	unsigned int i;
	int err;

	err = sg_alloc_table(&scattered.table, ARRAY_SIZE(scattered_orders), GFP_KERNEL);
	if (err)
		return err;
	for_each_sgtable_sg(&scattered.table, sg, i) {
		struct page *block = alloc_pages(GFP_KERNEL | __GFP_COMP | __GFP_ZERO, scattered_orders[i]);

		if (!block) {
			scattered_free();
			return -ENOMEM;
		}
		scattered.block[i] = block;
		sg_set_page(sg, block, PAGE_SIZE << scattered_orders[i], 0);
		*(u32 *)page_address(block) = 0xb10c0 + i;
	}
	err = misc_register(&scattered_device);
	if (err)
		scattered_free();
	return err;
}
module_init(scattered_init);

static void __exit scattered_exit(void)
{
	misc_deregister(&scattered_device);
	scattered_free();
}
module_exit(scattered_exit);

MODULE_DESCRIPTION("A scatter-gather table of several pieces");
MODULE_LICENSE("GPL");
