// SPDX-License-Identifier: MIT
/*
 * Helpers of linked things: lists that are turned, cut and put into each other's places, lists without locks, chains of notifiers, words that are exchanged.
 * A page shows what the last call found; ioctl 0x101 and so on do one thing each and give the numbers of the list in a row.
 */
#include <linux/fs.h>
#include <linux/ktime.h>
#include <linux/list.h>
#include <linux/llist.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/notifier.h>

static unsigned int count_mmap;
module_param(count_mmap, uint, 0444);

#define LINKED_ITEMS 4

struct item {
	int value;
	struct list_head link;
	struct llist_node node;
};

static struct item items[LINKED_ITEMS];
static LIST_HEAD(linked_head);
static LLIST_HEAD(linked_free);
static BLOCKING_NOTIFIER_HEAD(linked_chain);
static unsigned int linked_word = 7;
static u32 *linked_page;

static int linked_log(struct notifier_block *block, unsigned long event, void *data)
{
	linked_page[1] = linked_page[1] * 10 + event;
	return NOTIFY_OK;
}

static int linked_veto(struct notifier_block *block, unsigned long event, void *data)
{
	linked_page[1] = linked_page[1] * 10 + event + *(int *)data;
	return event > 3 ? notifier_from_errno(-EPERM) : NOTIFY_DONE;
}

static struct notifier_block linked_logger = { .notifier_call = linked_log };
static struct notifier_block linked_guard = { .notifier_call = linked_veto, .priority = 5 };

static long linked_row(struct list_head *head)
{
	struct item *item;
	long row = 0;

	list_for_each_entry(item, head, link)
		row = row * 10 + item->value;
	linked_page[0] = row;
	return row;
}

static long linked_lists(unsigned int command)
{
	struct item *item, *next;
	LIST_HEAD(cut);
	long row = 0;

	switch (command) {
	case 0x101:
		list_rotate_left(&linked_head);
		break;
	case 0x102:
		list_cut_position(&cut, &linked_head, linked_head.next->next);
		row = linked_row(&linked_head);
		list_splice_tail_init(&cut, &linked_head);
		return row * 10000 + linked_row(&linked_head);
	case 0x103:
		list_swap(&items[0].link, &items[2].link);
		break;
	case 0x104:
		item = list_first_entry(&linked_head, struct item, link);
		return list_next_entry(item, link)->value * 10 + list_prev_entry(list_next_entry(item, link), link)->value;
	case 0x105:
		list_for_each_entry_safe_reverse(item, next, &linked_head, link) {
			row = row * 10 + item->value;
			if (item->value == 2)
				list_del_init(&item->link);
		}
		return row * 10000 + linked_row(&linked_head);
	case 0x106:
		item = list_first_entry(&linked_head, struct item, link);
		list_for_each_entry_continue(item, &linked_head, link)
			row = row * 10 + item->value;
		return row;
	case 0x107:
		list_bulk_move_tail(&linked_head, linked_head.next, linked_head.next->next);
		break;
	case 0x108:
		list_for_each_entry_reverse(item, &linked_head, link)
			row = row * 10 + item->value;
		return row * 10 + list_is_singular(&linked_head);
	case 0x109:
		if (list_empty(&items[1].link))
			list_add(&items[1].link, &items[0].link);
		break;
	}
	return linked_row(&linked_head);
}

static long linked_ioctl(struct file *file, unsigned int command, unsigned long argument)
{
	struct llist_node *node;
	unsigned int expected;
	int data = 3, result;
	long row = 0;

	switch (command) {
	case 0x101 ... 0x109:
		return linked_lists(command);
	case 0x201:
		row = xchg(&linked_word, argument);
		return row * 100 + linked_word;
	case 0x202:
		row = cmpxchg(&linked_word, argument, 4);
		return row * 100 + linked_word;
	case 0x203:
		expected = argument;
		row = try_cmpxchg(&linked_word, &expected, 6);
		return row * 10000 + expected * 100 + linked_word;
	case 0x301:
		return blocking_notifier_chain_register(&linked_chain, argument ? &linked_guard : &linked_logger);
	case 0x302:
		result = blocking_notifier_call_chain(&linked_chain, argument, &data);
		return notifier_to_errno(result) ?: result;
	case 0x303:
		return blocking_notifier_chain_unregister(&linked_chain, argument ? &linked_guard : &linked_logger);
	case 0x401:
		return llist_add(&items[argument % LINKED_ITEMS].node, &linked_free);
	case 0x402:
		node = llist_reverse_order(llist_del_all(&linked_free));
		for (; node; node = node->next)
			row = row * 10 + llist_entry(node, struct item, node)->value;
		return row;
	case 0x403:
		return ktime_to_ms(ktime_add(ms_to_ktime(argument), ns_to_ktime(2500000)));
	}
	return -ENOTTY;
}

static int linked_mmap(struct file *file, struct vm_area_struct *vma)
{
	count_mmap++;
	return vm_insert_page(vma, vma->vm_start, virt_to_page(linked_page));
}

static const struct file_operations linked_fops = {
	.owner = THIS_MODULE,
	.unlocked_ioctl = linked_ioctl,
	.mmap = linked_mmap,
};

static struct miscdevice linked_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "linked",
	.fops = &linked_fops,
};

static int __init linked_init(void)
{
	int i, err;

	linked_page = (u32 *)get_zeroed_page(GFP_KERNEL);
	if (!linked_page)
		return -ENOMEM;
	for (i = 0; i < LINKED_ITEMS; i++) {
		items[i].value = i + 1;
		list_add_tail(&items[i].link, &linked_head);
	}
	err = misc_register(&linked_device);
	if (err)
		free_page((unsigned long)linked_page);
	return err;
}
module_init(linked_init);

static void __exit linked_exit(void)
{
	misc_deregister(&linked_device);
	free_page((unsigned long)linked_page);
}
module_exit(linked_exit);

MODULE_DESCRIPTION("Linked things");
MODULE_LICENSE("GPL");
