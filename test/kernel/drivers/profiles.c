// SPDX-License-Identifier: MIT
/*
 * A profile that is read without a lock and replaced as a whole: a sorted table of ranges, one page with its text, a mask. write() brings a new one in as
 * structs; ioctl 0x101 N finds the range of N, 0x102 gives the sum of the mask, 0x103 arms a timer that would spoil it, 0x104 stops the timer.
 */
#include <linux/bsearch.h>
#include <linux/cleanup.h>
#include <linux/fs.h>
#include <linux/jiffies.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/overflow.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include <linux/sort.h>
#include <linux/timer.h>
#include <linux/uaccess.h>
#include <linux/version.h>

static unsigned int count_mmap;
module_param(count_mmap, uint, 0444);

#define PROFILE_MOST 16

struct profile_range {
	u32 start;
	u32 length;
};

struct profile {
	struct rcu_head rcu;
	struct page *page;
	u64 mask;
	unsigned int count;
	struct profile_range ranges[];
};

static struct profile __rcu *profiles_now;
static DEFINE_MUTEX(profiles_lock);
static void profiles_spoil(struct timer_list *timer);
static DEFINE_TIMER(profiles_timer, profiles_spoil);
static unsigned int profiles_spoiled;

static void profiles_spoil(struct timer_list *timer)
{
	profiles_spoiled++;
}

static int profiles_order(const void *left, const void *right)
{
	const struct profile_range *a = left, *b = right;

	return a->start < b->start ? -1 : a->start > b->start;
}

static int profiles_find(const void *key, const void *element)
{
	const struct profile_range *range = element;
	u32 number = *(const u32 *)key;

	if (number < range->start)
		return -1;
	return number - range->start >= range->length;
}

static void profile_free(struct profile *profile)
{
	if (!profile)
		return;
	put_page(profile->page);
	kfree(profile);
}

static void profile_free_rcu(struct rcu_head *rcu)
{
	profile_free(container_of(rcu, struct profile, rcu));
}

static ssize_t profiles_write(struct file *file, const char __user *from, size_t length, loff_t *position)
{
	size_t count = length / sizeof(struct profile_range);
	struct profile *profile, *old;
	unsigned int i;
	size_t bytes;

	if (!count || length % sizeof(struct profile_range))
		return -EINVAL;
	if (count > PROFILE_MOST)
		return -E2BIG;
	if (check_mul_overflow(count, sizeof(struct profile_range), &bytes))
		return -EOVERFLOW;
	profile = kzalloc(struct_size(profile, ranges, count), GFP_KERNEL);
	if (!profile)
		return -ENOMEM;
	profile->count = count;
	profile->page = alloc_page(GFP_KERNEL | __GFP_ZERO);
	if (!profile->page || copy_from_user(profile->ranges, from, bytes)) {
		if (profile->page)
			__free_page(profile->page);
		kfree(profile);
		return -EFAULT;
	}
	sort(profile->ranges, count, sizeof(profile->ranges[0]), profiles_order, NULL);
	for (i = 0; i < count; i++) {
		if (i && profile->ranges[i].start - profile->ranges[i - 1].start < profile->ranges[i - 1].length) {
			profile_free(profile);
			return -EEXIST;
		}
		profile->mask |= BIT_ULL(profile->ranges[i].start % 64);
	}
	snprintf(page_address(profile->page), 64, "%zu from %u, %#llx", count, profile->ranges[0].start, profile->mask);
	mutex_lock(&profiles_lock);
	old = rcu_replace_pointer(profiles_now, profile, lockdep_is_held(&profiles_lock));
	mutex_unlock(&profiles_lock);
	if (old)
		call_rcu(&old->rcu, profile_free_rcu);
	*position += length;
	return length;
}

static long profiles_ioctl(struct file *file, unsigned int command, unsigned long argument)
{
	const struct profile_range *found;
	const struct profile *profile;
	u32 number = argument;
	long result;

	switch (command) {
	case 0x101:
		rcu_read_lock();
		profile = rcu_dereference(profiles_now);
		found = profile ? bsearch(&number, profile->ranges, profile->count, sizeof(*found), profiles_find) : NULL;
		result = found ? found - profile->ranges : -ESRCH;
		rcu_read_unlock();
		return result;
	case 0x102:
		rcu_read_lock();
		profile = rcu_dereference(profiles_now);
		result = profile ? hweight64(profile->mask) * 100 + fls64(profile->mask) : 0;
		rcu_read_unlock();
		return result;
	case 0x103:
		return mod_timer(&profiles_timer, jiffies + msecs_to_jiffies(argument));
	case 0x104:
		return del_timer_sync(&profiles_timer) << 8 | profiles_spoiled;
	case 0x105:
		return timer_pending(&profiles_timer) && time_after(profiles_timer.expires, jiffies);
	}
	return -ENOTTY;
}

static int profiles_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct profile *profile;
	int err;

	count_mmap++;
	if (vma_pages(vma) != 1 || vma->vm_pgoff)
		return -EINVAL;
	mutex_lock(&profiles_lock);
	profile = rcu_dereference_protected(profiles_now, lockdep_is_held(&profiles_lock));
	err = profile ? vm_insert_page(vma, vma->vm_start, profile->page) : -ENODATA;
	mutex_unlock(&profiles_lock);
	return err;
}

static const struct file_operations profiles_fops = {
	.owner = THIS_MODULE,
	.write = profiles_write,
	.unlocked_ioctl = profiles_ioctl,
	.mmap = profiles_mmap,
};

static struct miscdevice profiles_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "profiles",
	.fops = &profiles_fops,
};

static int __init profiles_init(void)
{
	return misc_register(&profiles_device);
}
module_init(profiles_init);

static void __exit profiles_exit(void)
{
	misc_deregister(&profiles_device);
	del_timer_sync(&profiles_timer);
	rcu_barrier();
	profile_free(rcu_dereference_protected(profiles_now, 1));
}
module_exit(profiles_exit);

MODULE_DESCRIPTION("A table that is replaced as a whole");
MODULE_LICENSE("GPL");
