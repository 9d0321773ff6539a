// SPDX-License-Identifier: MIT
/* A window of RAM that was set aside: read and written by accessors of all widths, copied with memcpy_fromio, mapped cached or uncached as an ioctl says. */
#include <linux/fs.h>
#include <linux/io.h>
#include <linux/ioport.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/uaccess.h>

#include "compat.h"

static unsigned int count_mmap;
module_param(count_mmap, uint, 0444);

#define WORDS_BASE 0x8100000
#define WORDS_SIZE 0x3000

struct words_op {
	__u32 offset;
	__u32 width;
	__u64 value;
};

static void __iomem *words;
static bool cached;

static long words_rw(struct words_op __user *user, bool write)
{
	struct words_op op;

	if (copy_from_user(&op, user, sizeof(op)))
		return -EFAULT;
	if (op.width > 8 || op.offset > WORDS_SIZE - 8 || !is_power_of_2(op.width) || op.offset & (op.width - 1))
		return -EINVAL;
	switch (op.width | (write ? 0x10 : 0)) {
	case 1:
		op.value = readb(words + op.offset);
		break;
	case 2:
		op.value = ioread16(words + op.offset);
		break;
	case 4:
		op.value = readl_relaxed(words + op.offset);
		break;
	case 8:
		op.value = readq(words + op.offset);
		break;
	case 0x11:
		iowrite8(op.value, words + op.offset);
		break;
	case 0x12:
		writew(op.value, words + op.offset);
		break;
	case 0x14:
		iowrite32be(op.value, words + op.offset);
		break;
	case 0x18:
		writeq(op.value, words + op.offset);
		break;
	}
	return copy_to_user(user, &op, sizeof(op)) ? -EFAULT : (long)(op.value & 0x7fffffff);
}

static ssize_t words_read(struct file *file, char __user *buf, size_t count, loff_t *pos)
{
	u8 bounce[64];

	if (*pos >= WORDS_SIZE)
		return 0;
	count = min_t(size_t, min_t(size_t, count, sizeof(bounce)), WORDS_SIZE - *pos);
	memcpy_fromio(bounce, words + *pos, count);
	if (copy_to_user(buf, bounce, count))
		return -EFAULT;
	*pos += count;
	return count;
}

static ssize_t words_write(struct file *file, const char __user *buf, size_t count, loff_t *pos)
{
	u8 bounce[64];

	if (*pos >= WORDS_SIZE)
		return -ENXIO;
	count = min_t(size_t, min_t(size_t, count, sizeof(bounce)), WORDS_SIZE - *pos);
	if (copy_from_user(bounce, buf, count))
		return -EFAULT;
	memcpy_toio(words + *pos, bounce, count);
	*pos += count;
	return count;
}

static long words_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	switch (cmd) {
	case 0xc0105701:
		return words_rw((void __user *)arg, false);
	case 0xc0105702:
		return words_rw((void __user *)arg, true);
	case 0x5703:
		cached = arg;
		return 0;
	case 0x5704:
		memset_io(words + PAGE_SIZE, arg, PAGE_SIZE);
		return 0;
	}
	return -ENOTTY;
}

static int words_mmap(struct file *file, struct vm_area_struct *vma)
{
	unsigned long size = vma->vm_end - vma->vm_start;

	count_mmap++;
	if (vma->vm_pgoff > WORDS_SIZE >> PAGE_SHIFT || size > WORDS_SIZE - (vma->vm_pgoff << PAGE_SHIFT))
		return -EINVAL;
	if (!cached)
		vma->vm_page_prot = pgprot_noncached(vma->vm_page_prot);
	vm_flags_set(vma, VM_IO);
	return io_remap_pfn_range(vma, vma->vm_start, PHYS_PFN(WORDS_BASE) + vma->vm_pgoff, size, vma->vm_page_prot);
}

static const struct file_operations words_fops = {
	.owner = THIS_MODULE,
	.llseek = default_llseek,
	.read = words_read,
	.write = words_write,
	.mmap = words_mmap,
	.unlocked_ioctl = words_ioctl,
};

static struct miscdevice words_misc = { .minor = MISC_DYNAMIC_MINOR, .name = "io-words", .fops = &words_fops };

static int __init words_init(void)
{
	int err;

	if (!request_mem_region(WORDS_BASE, WORDS_SIZE, KBUILD_MODNAME))
		return -EBUSY;
	words = ioremap(WORDS_BASE, WORDS_SIZE);
	if (!words) {
		release_mem_region(WORDS_BASE, WORDS_SIZE);
		return -ENOMEM;
	}
	writel(0x11223344, words);
	err = misc_register(&words_misc);
	if (err) {
		iounmap(words);
		release_mem_region(WORDS_BASE, WORDS_SIZE);
	}
	return err;
}

static void __exit words_exit(void)
{
	misc_deregister(&words_misc);
	iounmap(words);
	release_mem_region(WORDS_BASE, WORDS_SIZE);
}
module_init(words_init);
module_exit(words_exit);
MODULE_LICENSE("GPL");
