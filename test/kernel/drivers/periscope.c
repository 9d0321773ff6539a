// SPDX-License-Identifier: MIT
/*
 * Looks into the program that calls: by ioctl on an address 0x1301 access_process_vm reads four bytes, 0x1302 writes them, 0x1303 get_user_pages_unlocked and reads, 0x1304 pins for writing and writes,
 * 0x1305 get_user, 0x1306 put_user, 0x1307 clear_user of a page, 0x1308 the nofault copy, 0x1309 tells what find_vma says of it. What it maps itself, for being looked at: 0 pages on fault, 1 pfns at once, 2 a page that is
 * inserted, 3 nothing, 4 pages whose writes are asked for.
 */
#include <linux/fs.h>
#include <linux/highmem.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/pagemap.h>
#include <linux/sched.h>
#include <linux/uaccess.h>

static unsigned int count_mmap, count_fault, count_page_mkwrite, count_access;
module_param(count_mmap, uint, 0444);
module_param(count_fault, uint, 0444);
module_param(count_page_mkwrite, uint, 0444);
module_param(count_access, uint, 0444);

static struct page *lens[2];

static vm_fault_t lens_fault(struct vm_fault *vmf)
{
	unsigned long nr = vmf->pgoff & 15;

	count_fault++;
	if (nr > 1)
		return VM_FAULT_SIGBUS;
	get_page(lens[nr]);
	vmf->page = lens[nr];
	return 0;
}

static vm_fault_t lens_mkwrite(struct vm_fault *vmf)
{
	count_page_mkwrite++;
	lock_page(vmf->page);
	return VM_FAULT_LOCKED;
}

static int lens_access(struct vm_area_struct *vma, unsigned long addr, void *buf, int len, int write)
{
	count_access++;
	if (write)
		return 0;
	memset(buf, 0x1e, len);
	return len;
}

static const struct vm_operations_struct lens_ops = { .fault = lens_fault };
static const struct vm_operations_struct lens_asked_ops = { .fault = lens_fault, .page_mkwrite = lens_mkwrite };
static const struct vm_operations_struct lens_access_ops = { .access = lens_access };

static int periscope_mmap(struct file *file, struct vm_area_struct *vma)
{
	count_mmap++;
	switch (vma->vm_pgoff >> 4) {
	case 0:
		vma->vm_ops = &lens_ops;
		return 0;
	case 1:
		vma->vm_ops = &lens_access_ops;
		return remap_pfn_range(vma, vma->vm_start, page_to_pfn(lens[0]), PAGE_SIZE, vma->vm_page_prot);
	case 2:
		return vm_insert_page(vma, vma->vm_start, lens[1]);
	case 3:
		return 0;
	case 4:
		vma->vm_ops = &lens_asked_ops;
		return 0;
	}
	return -EINVAL;
}

static long periscope_page(unsigned long arg, bool write)
{
	struct page *page;
	u32 *word;
	long got;

	if (write)
		got = pin_user_pages_unlocked(arg & PAGE_MASK, 1, &page, FOLL_WRITE);
	else
		got = get_user_pages_unlocked(arg & PAGE_MASK, 1, &page, 0);
	if (got != 1)
		return got < 0 ? got : -EIO;
	word = kmap_local_page(page) + (offset_in_page(arg) & ~3);
	if (write)
		*word = 0x4321;
	got = *word & 0xffffff;
	kunmap_local(word);
	if (write)
		unpin_user_pages_dirty_lock(&page, 1, true);
	else
		put_page(page);
	return got;
}

static long periscope_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	struct vm_area_struct *vma;
	u32 word = 0x1234;
	long ret;

	switch (cmd) {
	case 0x1301:
		ret = access_process_vm(current, arg, &word, sizeof(word), 0);
		return ret == sizeof(word) ? word & 0xffffff : -ENOMSG;
	case 0x1302:
		return access_process_vm(current, arg, &word, sizeof(word), FOLL_WRITE);
	case 0x1303:
	case 0x1304:
		return periscope_page(arg, cmd == 0x1304);
	case 0x1305:
		ret = get_user(word, (u32 __user *)arg);
		return ret ? ret : word & 0xffffff;
	case 0x1306:
		return put_user(word, (u32 __user *)arg);
	case 0x1307:
		return clear_user((void __user *)(arg & PAGE_MASK), PAGE_SIZE);
	case 0x1308:
		ret = copy_from_user_nofault(&word, (void __user *)arg, sizeof(word));
		return ret ? ret : word & 0xffffff;
	case 0x1309:
		mmap_read_lock(current->mm);
		vma = find_vma(current->mm, arg);
		ret = vma ? vma_pages(vma) | (vma->vm_start <= arg) << 8 | (vma->vm_file == file) << 9 : -ESRCH;
		mmap_read_unlock(current->mm);
		return ret;
	}
	return -ENOTTY;
}

static const struct file_operations periscope_fops = {
	.owner = THIS_MODULE,
	.mmap = periscope_mmap,
	.unlocked_ioctl = periscope_ioctl,
};

static struct miscdevice periscope_misc = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "periscope",
	.fops = &periscope_fops,
};

static int __init periscope_init(void)
{
	int i;

	for (i = 0; i < 2; i++) {
		lens[i] = alloc_page(GFP_USER | __GFP_ZERO);
		if (!lens[i])
			return -ENOMEM;
		*(u32 *)page_address(lens[i]) = 0x1e45 + i;
	}
	return misc_register(&periscope_misc);
}

static void __exit periscope_exit(void)
{
	misc_deregister(&periscope_misc);
	__free_page(lens[1]);
	__free_page(lens[0]);
}
module_init(periscope_init);
module_exit(periscope_exit);
MODULE_LICENSE("GPL");
