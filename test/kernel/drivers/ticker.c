// SPDX-License-Identifier: MIT
/* Changes its page from deferred contexts: a work item, a delayed work, a timer, a tasklet and a thread; ioctls start them and wait for them. */
#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/fs.h>
#include <linux/interrupt.h>
#include <linux/kthread.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/timer.h>
#include <linux/wait.h>
#include <linux/workqueue.h>

#include "compat.h"

static unsigned int count_mmap, count_fault;
module_param(count_mmap, uint, 0444);
module_param(count_fault, uint, 0444);

struct ticker_page {
	u32 work;
	u32 delayed;
	u32 timer;
	u32 tasklet;
	u32 thread;
	u32 order[8];
	u32 next;
};

struct ticker {
	struct ticker_page *page;
	struct workqueue_struct *wq;
	struct work_struct work;
	struct delayed_work delayed;
	struct timer_list timer;
	struct tasklet_struct tasklet;
	struct task_struct *thread;
	struct completion done;
	wait_queue_head_t wait;
	unsigned int wanted;
	unsigned int made;
};

static struct ticker ticker;

static void note(struct ticker_page *p, u32 what)
{
	p->order[p->next++ % 8] = what;
}

static void ticker_work(struct work_struct *work)
{
	struct ticker *t = container_of(work, struct ticker, work);

	t->page->work++;
	note(t->page, 1);
}

static void ticker_delayed(struct work_struct *work)
{
	struct ticker *t = container_of(to_delayed_work(work), struct ticker, delayed);

	t->page->delayed++;
	note(t->page, 2);
	complete(&t->done);
}

static void ticker_timer(struct timer_list *timer)
{
	struct ticker *t = container_of(timer, struct ticker, timer);

	t->page->timer++;
	note(t->page, 3);
	complete(&t->done);
}

static void ticker_tasklet(struct tasklet_struct *tasklet)
{
	struct ticker *t = from_tasklet(t, tasklet, tasklet);

	t->page->tasklet++;
	note(t->page, 4);
	complete(&t->done);
}

static int ticker_thread(void *data)
{
	struct ticker *t = data;

	while (!kthread_should_stop()) {
		wait_event_interruptible(t->wait, t->made < t->wanted || kthread_should_stop());
		while (t->made < t->wanted) {
			t->made++;
			t->page->thread += 10;
			note(t->page, 5);
			complete(&t->done);
		}
	}
	return 0;
}

static long ticker_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	struct ticker *t = &ticker;
	unsigned long left;

	reinit_completion(&t->done);
	switch (cmd) {
	case 0x101:
		queue_work(t->wq, &t->work);
		flush_work(&t->work);
		return t->page->work;
	case 0x102:
		queue_delayed_work(t->wq, &t->delayed, msecs_to_jiffies(20));
		left = wait_for_completion_timeout(&t->done, HZ);
		return left ? 1 : -ETIMEDOUT;
	case 0x103:
		mod_timer(&t->timer, jiffies + HZ / 50);
		if (!wait_for_completion_timeout(&t->done, 2 * HZ))
			return -ETIMEDOUT;
		return t->page->timer;
	case 0x104:
		tasklet_schedule(&t->tasklet);
		wait_for_completion(&t->done);
		return t->page->tasklet;
	case 0x105:
		t->wanted += arg;
		wake_up_interruptible(&t->wait);
		while (t->made < t->wanted)
			msleep(5);
		return t->made;
	case 0x106:
		mod_timer(&t->timer, jiffies + 10 * HZ);
		return del_timer_sync(&t->timer);
	case 0x107:
		schedule_delayed_work(&t->delayed, HZ * 30);
		return cancel_delayed_work_sync(&t->delayed);
	case 0x108:
		return wait_for_completion_interruptible_timeout(&t->done, HZ / 20) ? 1 : -ETIME;
	case 0x109:
		return mod_delayed_work(t->wq, &t->delayed, 0) | flush_delayed_work(&t->delayed) << 1;
	}
	return -EINVAL;
}

static vm_fault_t ticker_fault(struct vm_fault *vmf)
{
	count_fault++;
	if (vmf->pgoff >= 1)
		return VM_FAULT_SIGBUS;
	vmf->page = virt_to_page(ticker.page);
	get_page(vmf->page);
	return 0;
}

static const struct vm_operations_struct ticker_vm_ops = { .fault = ticker_fault };

static int ticker_mmap(struct file *file, struct vm_area_struct *vma)
{
	count_mmap++;
	vma->vm_ops = &ticker_vm_ops;
	vm_flags_set(vma, VM_DONTEXPAND);
	return 0;
}

static const struct file_operations ticker_fops = {
	.owner = THIS_MODULE,
	.unlocked_ioctl = ticker_ioctl,
	.mmap = ticker_mmap,
};

static struct miscdevice ticker_misc = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "ticker",
	.fops = &ticker_fops,
};

static int __init ticker_init(void)
{
	struct ticker *t = &ticker;
	int ret = -ENOMEM;

	t->page = (struct ticker_page *)get_zeroed_page(GFP_KERNEL);
	if (!t->page)
		return -ENOMEM;
	t->wq = alloc_workqueue("ticker", WQ_UNBOUND, 1);
	if (!t->wq)
		goto err_page;
	INIT_WORK(&t->work, ticker_work);
	INIT_DELAYED_WORK(&t->delayed, ticker_delayed);
	timer_setup(&t->timer, ticker_timer, 0);
	tasklet_setup(&t->tasklet, ticker_tasklet);
	init_completion(&t->done);
	init_waitqueue_head(&t->wait);
	t->thread = kthread_run(ticker_thread, t, "ticker");
	if (IS_ERR(t->thread)) {
		ret = PTR_ERR(t->thread);
		goto err_wq;
	}
	ret = misc_register(&ticker_misc);
	if (ret)
		goto err_thread;
	return 0;
err_thread:
	kthread_stop(t->thread);
err_wq:
	destroy_workqueue(t->wq);
err_page:
	free_page((unsigned long)t->page);
	return ret;
}

static void __exit ticker_exit(void)
{
	struct ticker *t = &ticker;

	misc_deregister(&ticker_misc);
	kthread_stop(t->thread);
	del_timer_sync(&t->timer);
	tasklet_kill(&t->tasklet);
	cancel_delayed_work_sync(&t->delayed);
	destroy_workqueue(t->wq);
	free_page((unsigned long)t->page);
}
module_init(ticker_init);
module_exit(ticker_exit);
MODULE_LICENSE("GPL");
