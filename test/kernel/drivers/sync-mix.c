// SPDX-License-Identifier: MIT
/* Many ways to keep order, around one status page: seqcount, seqlock, rwsem, rwlock, srcu, semaphore, llist, completion, wait queue entries, hrtimer. */
#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/fs.h>
#include <linux/hrtimer.h>
#include <linux/llist.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/rwsem.h>
#include <linux/sched.h>
#include <linux/semaphore.h>
#include <linux/seqlock.h>
#include <linux/slab.h>
#include <linux/srcu.h>
#include <linux/uaccess.h>
#include <linux/version.h>
#include <linux/wait.h>

#include "compat.h"

static unsigned int count_mmap;
module_param(count_mmap, uint, 0444);

struct status {
	u32 sequence;
	u32 value;
	u64 sum;
	u32 ticks;
};

struct note {
	struct llist_node node;
	u32 value;
};

static struct status *status;
static seqlock_t status_lock;
static seqcount_t plain_count = SEQCNT_ZERO(plain_count);
static DECLARE_RWSEM(config_sem);
static DEFINE_RWLOCK(table_lock);
DEFINE_STATIC_SRCU(status_srcu);
static struct semaphore tokens;
static LLIST_HEAD(notes);
static DECLARE_WAIT_QUEUE_HEAD(waiters);
static struct hrtimer ticks;
static u32 table[8];
static u32 scale = 1;
static DECLARE_COMPLETION(ticked);

static enum hrtimer_restart tick(struct hrtimer *timer)
{
	status->ticks++;
	complete(&ticked);
	if (status->ticks % 3) {
		hrtimer_forward_now(timer, ms_to_ktime(2));
		return HRTIMER_RESTART;
	}
	return HRTIMER_NORESTART;
}

static u32 read_value(void)
{
	unsigned int seq;
	u32 value;

	do {
		seq = read_seqbegin(&status_lock);
		value = status->value;
	} while (read_seqretry(&status_lock, seq));
	return value;
}

static void set_value(u32 value)
{
	write_seqlock(&status_lock);
	status->value = value * scale;
	status->sum += status->value;
	write_sequnlock(&status_lock);
	preempt_disable();
	write_seqcount_begin(&plain_count);
	status->sequence = raw_read_seqcount(&plain_count);
	write_seqcount_end(&plain_count);
	preempt_enable();
}

static long mix_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	struct llist_node *all;
	struct note *note, *next;
	DEFINE_WAIT(wait);
	long n = 0, left;
	int idx;

	switch (cmd) {
	case 0x101:
		set_value(arg);
		return 0;
	case 0x102:
		return read_value();
	case 0x103:
		if (!down_write_trylock(&config_sem))
			return -EAGAIN;
		scale = arg ?: 1;
		downgrade_write(&config_sem);
		n = scale;
		up_read(&config_sem);
		return n;
	case 0x104:
		write_lock(&table_lock);
		table[arg & 7] = arg;
		write_unlock(&table_lock);
		read_lock(&table_lock);
		for (idx = 0; idx < ARRAY_SIZE(table); idx++)
			n += table[idx];
		read_unlock(&table_lock);
		return n;
	case 0x105:
		idx = srcu_read_lock(&status_srcu);
		n = status->value;
		srcu_read_unlock(&status_srcu, idx);
		synchronize_srcu(&status_srcu);
		return n;
	case 0x106:
		if (down_trylock(&tokens))
			return -EBUSY;
		return 0;
	case 0x107:
		up(&tokens);
		return 0;
	case 0x108:
		note = kmalloc(sizeof(*note), GFP_KERNEL);
		if (!note)
			return -ENOMEM;
		note->value = arg;
		return llist_add(&note->node, &notes);
	case 0x109:
		all = llist_del_all(&notes);
		all = llist_reverse_order(all);
		llist_for_each_entry_safe(note, next, all, node) {
			n = n * 10 + note->value;
			kfree(note);
		}
		return n;
	case 0x10a:
		prepare_to_wait(&waiters, &wait, TASK_INTERRUPTIBLE);
		left = schedule_timeout(msecs_to_jiffies(30));
		finish_wait(&waiters, &wait);
		return left;
	case 0x10b:
		reinit_completion(&ticked);
		hrtimer_start(&ticks, ms_to_ktime(5), HRTIMER_MODE_REL);
		wait_for_completion(&ticked);
		msleep(30);
		return status->ticks;
	case 0x10c:
		hrtimer_start(&ticks, ktime_set(100, 0), HRTIMER_MODE_REL);
		return hrtimer_active(&ticks) * 10 + hrtimer_cancel(&ticks);
	case 0x10d:
		set_current_state(TASK_UNINTERRUPTIBLE);
		schedule_timeout(HZ / 50);
		return llist_empty(&notes);
	case 0x10e:
		return down_timeout(&tokens, HZ / 50);
	}
	return -ENOTTY;
}

static int mix_mmap(struct file *file, struct vm_area_struct *vma)
{
	count_mmap++;
	if (vma->vm_pgoff || vma_pages(vma) > 1)
		return -EINVAL;
	if (vma->vm_flags & (VM_WRITE | VM_EXEC))
		return -EPERM;
	vm_flags_clear(vma, VM_MAYWRITE | VM_MAYEXEC);
	return vm_insert_page(vma, vma->vm_start, virt_to_page(status));
}

static const struct file_operations mix_fops = {
	.owner = THIS_MODULE,
	.unlocked_ioctl = mix_ioctl,
	.mmap = mix_mmap,
};

static struct miscdevice mix_misc = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "sync-mix",
	.fops = &mix_fops,
};

static int __init mix_init(void)
{
	int err;

	status = (void *)get_zeroed_page(GFP_KERNEL);
	if (!status)
		return -ENOMEM;
	seqlock_init(&status_lock);
	sema_init(&tokens, 2);
	hrtimer_init(&ticks, CLOCK_MONOTONIC, HRTIMER_MODE_REL);
	ticks.function = tick;
	err = misc_register(&mix_misc);
	if (err)
		free_page((unsigned long)status);
	return err;
}

static void __exit mix_exit(void)
{
	struct note *note, *next;

	misc_deregister(&mix_misc);
	hrtimer_cancel(&ticks);
	llist_for_each_entry_safe(note, next, llist_del_all(&notes), node)
		kfree(note);
	free_page((unsigned long)status);
}
module_init(mix_init);
module_exit(mix_exit);
MODULE_LICENSE("GPL");
