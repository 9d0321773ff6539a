// SPDX-License-Identifier: MIT
/*
 * Counts what is done to it: numbers of each processor, an atomic of 64 bits, a counter that is summed. A page that programs map read-only has the last sums;
 * read() refreshes it. Strange numbers of bytes and offsets are counted, too.
 */
#include <linux/atomic.h>
#include <linux/cpumask.h>
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/percpu.h>
#include <linux/percpu_counter.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

static unsigned int count_mmap, count_fault;
module_param(count_mmap, uint, 0444);
module_param(count_fault, uint, 0444);

enum tally_kind { TALLY_OPENS, TALLY_BYTES, TALLY_FAULTS, TALLY_KINDS };

struct tally_cpu {
	u64 value[TALLY_KINDS];
	u32 last;
};

struct tally_page {
	u64 sum[TALLY_KINDS];
	s64 balance;
	s64 total;
	u32 cpus;
	u32 last;
	char names[TALLY_KINDS][8];
};

static struct tally_cpu __percpu *tally_cpu;
static DEFINE_PER_CPU(unsigned int, tally_calls);
static struct percpu_counter tally_balance;
static atomic64_t tally_total = ATOMIC64_INIT(-1);
static struct tally_page *tally_page;

static const char *const tally_names[TALLY_KINDS] = {
	[TALLY_OPENS] = "opens",
	[TALLY_BYTES] = "bytes",
	[TALLY_FAULTS] = "faults",
};

static void tally_add(enum tally_kind kind, unsigned int value)
{
	struct tally_cpu *mine = get_cpu_ptr(tally_cpu);

	mine->value[kind] += value;
	mine->last = kind;
	put_cpu_ptr(tally_cpu);
	this_cpu_inc(tally_calls);
	percpu_counter_add(&tally_balance, kind == TALLY_BYTES ? -(s64)value : value);
	atomic64_add(value, &tally_total);
}

static void tally_refresh(void)
{
	int cpu, kind;

	memset(tally_page->sum, 0, sizeof(tally_page->sum));
	tally_page->last = 0;
	tally_page->cpus = num_possible_cpus() > 0;
	for_each_possible_cpu(cpu) {
		const struct tally_cpu *one = per_cpu_ptr(tally_cpu, cpu);

		for (kind = 0; kind < TALLY_KINDS; kind++)
			tally_page->sum[kind] += one->value[kind];
		tally_page->last += one->last;
	}
	tally_page->balance = percpu_counter_sum(&tally_balance);
	tally_page->total = atomic64_read(&tally_total);
}

static int tally_open(struct inode *inode, struct file *file)
{
	tally_add(TALLY_OPENS, 1);
	return 0;
}

static ssize_t tally_write(struct file *file, const char __user *from, size_t length, loff_t *position)
{
	if (!access_ok(from, length))
		return -EFAULT;
	tally_add(TALLY_BYTES, length);
	*position += length;
	return length;
}

static ssize_t tally_read(struct file *file, char __user *to, size_t length, loff_t *position)
{
	tally_refresh();
	return simple_read_from_buffer(to, length, position, tally_page, sizeof(*tally_page));
}

static long tally_ioctl(struct file *file, unsigned int command, unsigned long argument)
{
	unsigned int calls = 0;
	s64 old;
	int cpu;

	switch (command) {
	case 0x101:
		for_each_possible_cpu(cpu)
			calls += per_cpu(tally_calls, cpu);
		return calls;
	case 0x102:
		old = atomic64_xchg(&tally_total, argument);
		return old < 0 ? 0 : old;
	case 0x103:
		return atomic64_add_unless(&tally_total, 5, argument);
	case 0x104:
		return percpu_counter_compare(&tally_balance, argument) + 1;
	case 0x105:
		return atomic64_inc_not_zero(&tally_total);
	case 0x106:
		percpu_counter_set(&tally_balance, argument);
		return percpu_counter_sum_positive(&tally_balance);
	}
	return -ENOTTY;
}

static vm_fault_t tally_fault(struct vm_fault *vmf)
{
	count_fault++;
	if (vmf->pgoff)
		return VM_FAULT_SIGBUS;
	tally_add(TALLY_FAULTS, 1);
	vmf->page = virt_to_page(tally_page);
	get_page(vmf->page);
	return 0;
}

static const struct vm_operations_struct tally_vm_ops = {
	.fault = tally_fault,
};

static int tally_mmap(struct file *file, struct vm_area_struct *vma)
{
	count_mmap++;
	if (vma->vm_flags & VM_WRITE && vma->vm_flags & VM_SHARED)
		return -EROFS;
	vma->vm_ops = &tally_vm_ops;
	return 0;
}

static const struct file_operations tally_fops = {
	.owner = THIS_MODULE,
	.open = tally_open,
	.read = tally_read,
	.write = tally_write,
	.llseek = noop_llseek,
	.unlocked_ioctl = tally_ioctl,
	.mmap = tally_mmap,
};

static struct miscdevice tally_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "tally",
	.fops = &tally_fops,
};

static int __init tally_init(void)
{
	int err, kind;

	tally_page = (void *)get_zeroed_page(GFP_KERNEL);
	if (!tally_page)
		return -ENOMEM;
	for (kind = 0; kind < TALLY_KINDS; kind++)
		strscpy(tally_page->names[kind], tally_names[kind], sizeof(tally_page->names[kind]));
	err = -ENOMEM;
	tally_cpu = alloc_percpu(struct tally_cpu);
	if (!tally_cpu)
		goto page;
	err = percpu_counter_init(&tally_balance, 10, GFP_KERNEL);
	if (err)
		goto cpus;
	err = misc_register(&tally_device);
	if (!err)
		return 0;
	percpu_counter_destroy(&tally_balance);
cpus:
	free_percpu(tally_cpu);
page:
	free_page((unsigned long)tally_page);
	return err;
}
module_init(tally_init);

static void __exit tally_exit(void)
{
	misc_deregister(&tally_device);
	percpu_counter_destroy(&tally_balance);
	free_percpu(tally_cpu);
	free_page((unsigned long)tally_page);
}
module_exit(tally_exit);

MODULE_DESCRIPTION("Counts by processor");
MODULE_LICENSE("GPL");
