// SPDX-License-Identifier: MIT
/*
 * A page of time that programs read without a system call: a sequence count and what it guards. ioctl 0x101 sets it, 0x102 gives a value that was
 * read under the count, 0x103 adds nanoseconds. Nobody may ever write to the page.
 */
#include <linux/fs.h>
#include <linux/math64.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/seqlock.h>
#include <linux/time64.h>
#include <linux/uaccess.h>

#include "compat.h"

static unsigned int count_mmap;
module_param(count_mmap, uint, 0444);
static unsigned int speed = 1;
module_param(speed, uint, 0644);
MODULE_PARM_DESC(speed, "How much faster than others this clock goes");

struct clock_data {
	u32 sequence;
	u32 flags;
	u64 seconds;
	u64 nanoseconds;
	u64 mult;
	u8 text[32];
};

static struct clock_data *clock_page;
static DEFINE_SEQLOCK(clock_lock);
static u64 clock_seconds, clock_nanoseconds;

static void clock_publish(void)
{
	WRITE_ONCE(clock_page->sequence, clock_page->sequence + 1);
	smp_wmb();
	clock_page->seconds = clock_seconds;
	clock_page->nanoseconds = clock_nanoseconds;
	snprintf(clock_page->text, sizeof(clock_page->text), "%llu.%09llu", clock_seconds, clock_nanoseconds);
	smp_wmb();
	WRITE_ONCE(clock_page->sequence, clock_page->sequence + 1);
}

static void clock_add(u64 nanoseconds)
{
	u64 sum;

	write_seqlock(&clock_lock);
	sum = clock_nanoseconds + mul_u32_u32(speed, nanoseconds);
	clock_seconds += div64_u64_rem(sum, NSEC_PER_SEC, &clock_nanoseconds);
	clock_publish();
	write_sequnlock(&clock_lock);
}

static u64 clock_milliseconds(void)
{
	u64 seconds, nanoseconds;
	unsigned int sequence;

	do {
		sequence = read_seqbegin(&clock_lock);
		seconds = clock_seconds;
		nanoseconds = clock_nanoseconds;
	} while (read_seqretry(&clock_lock, sequence));
	return seconds * MSEC_PER_SEC + div_u64(nanoseconds, NSEC_PER_MSEC);
}

static long clock_ioctl(struct file *file, unsigned int command, unsigned long argument)
{
	struct __kernel_timespec time;
	u64 left;

	switch (command) {
	case 0x101:
		if (copy_from_user(&time, (void __user *)argument, sizeof(time)))
			return -EFAULT;
		if (time.tv_sec < 0 || time.tv_nsec < 0 || time.tv_nsec >= NSEC_PER_SEC)
			return -EINVAL;
		write_seqlock(&clock_lock);
		clock_seconds = time.tv_sec;
		clock_nanoseconds = time.tv_nsec;
		clock_publish();
		write_sequnlock(&clock_lock);
		return 0;
	case 0x102:
		return clock_milliseconds();
	case 0x103:
		clock_add(argument);
		return 0;
	case 0x104:
		left = clock_milliseconds();
		return do_div(left, argument ?: 7);
	}
	return -ENOTTY;
}

static int clock_mmap(struct file *file, struct vm_area_struct *vma)
{
	count_mmap++;
	if (vma->vm_pgoff || vma_pages(vma) != 1)
		return -EINVAL;
	if (vma->vm_flags & (VM_WRITE | VM_EXEC))
		return -EPERM;
	vm_flags_clear(vma, VM_MAYWRITE | VM_MAYEXEC);
	return vm_insert_page(vma, vma->vm_start, virt_to_page(clock_page));
}

static const struct file_operations clock_fops = {
	.owner = THIS_MODULE,
	.unlocked_ioctl = clock_ioctl,
	.mmap = clock_mmap,
};

static struct miscdevice clock_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "clock-page",
	.fops = &clock_fops,
	.mode = 0444,
};

static int __init clock_init(void)
{
	int err;

	BUILD_BUG_ON(sizeof(*clock_page) > PAGE_SIZE);
	clock_page = (struct clock_data *)get_zeroed_page(GFP_KERNEL);
	if (!clock_page)
		return -ENOMEM;
	clock_page->mult = mul_u64_u32_shr(1ULL << 40, 0x1000, 20);
	clock_publish();
	err = misc_register(&clock_device);
	if (err)
		free_page((unsigned long)clock_page);
	return err;
}

static void __exit clock_exit(void)
{
	misc_deregister(&clock_device);
	free_page((unsigned long)clock_page);
}

module_init(clock_init);
module_exit(clock_exit);
MODULE_DESCRIPTION("A page of time under a sequence count");
MODULE_LICENSE("GPL");
