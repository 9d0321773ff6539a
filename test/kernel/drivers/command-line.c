// SPDX-License-Identifier: MIT
/*
 * Takes its orders as text: write() parses "set INDEX VALUE", "fill FROM TO VALUE", "copy FROM TO", "mode ro|rw", "name TEXT"; read() tells the state. A page
 * with a sequence count that programs map shows the words.
 */
#include <linux/ctype.h>
#include <linux/fs.h>
#include <linux/kernel.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/seqlock.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#include "compat.h"

static unsigned int count_mmap;
module_param(count_mmap, uint, 0444);

static ushort words = 64;
module_param(words, ushort, 0444);

struct line_page {
	u32 sequence;
	u32 orders;
	char name[16];
	u32 word[];
};

enum line_mode { LINE_RW, LINE_RO };

static const char *const line_modes[] = { [LINE_RW] = "rw", [LINE_RO] = "ro" };

static struct line_page *line_page;
static enum line_mode line_mode;
static DEFINE_MUTEX(line_lock);
static DEFINE_SEQLOCK(line_sequence);

static int line_set(int count, char **words_in)
{
	unsigned int index;
	u32 value;
	int err;

	err = kstrtouint(words_in[0], 0, &index);
	if (err)
		return err;
	err = kstrtou32(words_in[1], 0, &value);
	if (err)
		return err;
	if (index >= words)
		return -ERANGE;
	line_page->word[index] = value;
	return 0;
}

static int line_fill(int count, char **words_in)
{
	unsigned long from, to;
	long value;
	int err = kstrtoul(words_in[0], 10, &from) ?: kstrtoul(words_in[1], 10, &to) ?: kstrtol(words_in[2], 16, &value);

	if (err)
		return err;
	if (from > to || to > words)
		return -ERANGE;
	memset32(&line_page->word[from], value, to - from);
	return to - from;
}

static int line_copy(int count, char **words_in)
{
	unsigned int from, to;

	if (sscanf(words_in[0], "%u", &from) != 1 || sscanf(words_in[1], "%x", &to) != 1)
		return -EINVAL;
	if (max(from, to) + 4 > words)
		return -ERANGE;
	memmove(line_page->word + to, line_page->word + from, 4 * sizeof(u32));
	return 0;
}

static int line_set_mode(int count, char **words_in)
{
	int mode = match_string(line_modes, ARRAY_SIZE(line_modes), words_in[0]);

	if (mode < 0)
		return mode;
	line_mode = mode;
	return 0;
}

static int line_name(int count, char **words_in)
{
	ssize_t length = strscpy(line_page->name, words_in[0], sizeof(line_page->name));
	char *each;

	for (each = line_page->name; *each; each++)
		*each = isalnum(*each) ? toupper(*each) : '_';
	return length < 0 ? length : 0;
}

static const struct line_order {
	const char *verb;
	int words;
	bool writes;
	int (*run)(int count, char **words);
} line_orders[] = {
	{ "set", 2, true, line_set },
	{ "fill", 3, true, line_fill },
	{ "copy", 2, true, line_copy },
	{ "mode", 1, false, line_set_mode },
	{ .verb = "name", .words = 1, .writes = true, .run = line_name },
};

static int line_do(char *text)
{
	char *word[4], *rest = strim(text);
	int count = 0, i, err;

	while (rest && count < ARRAY_SIZE(word)) {
		char *next = strsep(&rest, " \t");

		if (*next)
			word[count++] = next;
	}
	if (!count)
		return -ENODATA;
	for (i = 0; i < ARRAY_SIZE(line_orders); i++) {
		const struct line_order *order = &line_orders[i];

		if (strcmp(order->verb, word[0]))
			continue;
		if (count - 1 != order->words)
			return -E2BIG;
		if (order->writes && line_mode == LINE_RO)
			return -EROFS;
		write_seqlock(&line_sequence);
		line_page->sequence++;
		err = order->run(count - 1, word + 1);
		line_page->sequence++;
		write_sequnlock(&line_sequence);
		if (err >= 0)
			line_page->orders++;
		return err;
	}
	return -EOPNOTSUPP;
}

static ssize_t line_write(struct file *file, const char __user *from, size_t length, loff_t *position)
{
	char *text;
	int err;

	if (length > 128)
		return -EMSGSIZE;
	text = memdup_user_nul(from, length);
	if (IS_ERR(text))
		return PTR_ERR(text);
	err = mutex_lock_interruptible(&line_lock);
	if (!err) {
		err = line_do(text);
		mutex_unlock(&line_lock);
	}
	kfree(text);
	return err < 0 ? err : length;
}

static ssize_t line_read(struct file *file, char __user *to, size_t length, loff_t *position)
{
	unsigned int sequence, orders;
	char text[80];
	int used;

	do {
		sequence = read_seqbegin(&line_sequence);
		orders = line_page->orders;
	} while (read_seqretry(&line_sequence, sequence));
	used = scnprintf(text, sizeof(text), "%-8s|%4u|%s|%#06x\n", line_page->name, orders, line_modes[line_mode], line_page->word[0]);
	return simple_read_from_buffer(to, length, position, text, used);
}

static int line_mmap(struct file *file, struct vm_area_struct *vma)
{
	count_mmap++;
	if (vma->vm_pgoff || vma_pages(vma) != 1)
		return -EINVAL;
	if (line_mode == LINE_RO) {
		if (vma->vm_flags & VM_WRITE)
			return -EPERM;
		vm_flags_clear(vma, VM_MAYWRITE);
	}
	return vm_insert_page(vma, vma->vm_start, virt_to_page(line_page));
}

static const struct file_operations line_fops = {
	.owner = THIS_MODULE,
	.read = line_read,
	.write = line_write,
	.mmap = line_mmap,
};

static struct miscdevice line_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "command-line",
	.fops = &line_fops,
	.mode = 0600,
};

static int __init line_init(void)
{
	int err;

	if (struct_size(line_page, word, words) > PAGE_SIZE)
		return -EINVAL;
	line_page = (struct line_page *)get_zeroed_page(GFP_KERNEL);
	if (!line_page)
		return -ENOMEM;
	strcpy(line_page->name, "fresh");
	err = misc_register(&line_device);
	if (err)
		free_page((unsigned long)line_page);
	return err;
}

static void __exit line_exit(void)
{
	misc_deregister(&line_device);
	free_page((unsigned long)line_page);
}

module_init(line_init);
module_exit(line_exit);
MODULE_DESCRIPTION("Orders as text");
MODULE_LICENSE("GPL");
