// SPDX-License-Identifier: MIT
/*
 * Wrong references, one sort for each page of the file: 0 right, 1 none taken, 2 one too many, 3 given back by close, 4 given back by page_mkwrite, 5 another page than before at each fault, 6 a page that the
 * fault frees when it has given it, 7 a page of its own for every fault. ioctl 0xd01 NR tells the count of a page, 0xd02 NR gives a reference to it.
 */
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/pagemap.h>

static unsigned int count_mmap;
static unsigned int count_open;
static unsigned int count_close;
static unsigned int count_fault;
static unsigned int count_page_mkwrite;
module_param(count_mmap, uint, 0444);
module_param(count_open, uint, 0444);
module_param(count_close, uint, 0444);
module_param(count_fault, uint, 0444);
module_param(count_page_mkwrite, uint, 0444);

static struct page *debts[6];
static struct page *other;
static bool turn;

static void debts_vma_open(struct vm_area_struct *vma)
{
	count_open++;
}

static void debts_vma_close(struct vm_area_struct *vma)
{
	count_close++;
	if (vma->vm_pgoff <= 3 && vma->vm_pgoff + vma_pages(vma) > 3)
		put_page(debts[3]);
}

static vm_fault_t debts_fault(struct vm_fault *vmf)
{
	struct page *page;

	count_fault++;
	switch (vmf->pgoff) {
	case 0:
	case 3:
	case 4:
		page = debts[vmf->pgoff];
		get_page(page);
		break;
	case 1:
		page = debts[1];
		break;
	case 2:
		page = debts[2];
		get_page(page);
		get_page(page);
		break;
	case 5:
		page = turn ? debts[5] : other;
		turn = !turn;
		get_page(page);
		break;
	case 6:
	case 7:
		page = alloc_page(GFP_HIGHUSER | __GFP_ZERO);
		if (!page)
			return VM_FAULT_OOM;
		if (vmf->pgoff == 7)
			get_page(page);
		break;
	default:
		return VM_FAULT_SIGBUS;
	}
	vmf->page = page;
	return 0;
}

static vm_fault_t debts_page_mkwrite(struct vm_fault *vmf)
{
	count_page_mkwrite++;
	if (vmf->pgoff == 4)
		put_page(vmf->page);
	lock_page(vmf->page);
	return VM_FAULT_LOCKED;
}

static const struct vm_operations_struct debts_vm_ops = {
	.open = debts_vma_open,
	.close = debts_vma_close,
	.fault = debts_fault,
	.page_mkwrite = debts_page_mkwrite,
};

static int debts_mmap(struct file *file, struct vm_area_struct *vma)
{
	count_mmap++;
	if (vma->vm_pgoff + vma_pages(vma) > 8)
		return -EINVAL;
	vma->vm_ops = &debts_vm_ops;
	return 0;
}

static long debts_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	if (arg >= ARRAY_SIZE(debts))
		return -EINVAL;
	switch (cmd) {
	case 0xd01:
		return page_count(debts[arg]);
	case 0xd02:
		get_page(debts[arg]);
		return 0;
	}
	return -ENOTTY;
}

static const struct file_operations debts_fops = {
	.owner = THIS_MODULE,
	.mmap = debts_mmap,
	.unlocked_ioctl = debts_ioctl,
};

static struct miscdevice debts_misc = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "debts",
	.fops = &debts_fops,
};

static int __init debts_init(void)
{
	int i;

	other = alloc_page(GFP_KERNEL | __GFP_ZERO);
	if (!other)
		return -ENOMEM;
	for (i = 0; i < ARRAY_SIZE(debts); i++) {
		debts[i] = alloc_page(GFP_KERNEL | __GFP_ZERO);
		if (!debts[i])
			return -ENOMEM;
		*(u32 *)page_address(debts[i]) = 0xdeb0 + i;
	}
	return misc_register(&debts_misc);
}

static void __exit debts_exit(void)
{
	int i;

	misc_deregister(&debts_misc);
	for (i = 0; i < ARRAY_SIZE(debts); i++)
		__free_page(debts[i]);
	__free_page(other);
}
module_init(debts_init);
module_exit(debts_exit);
MODULE_LICENSE("GPL");
