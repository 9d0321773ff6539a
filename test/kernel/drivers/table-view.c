// SPDX-License-Identifier: MIT
/* A table of records in pages, sorted and searched by ioctls, exported read-only to programs; a union, bit-fields, enums and function pointers in its records. */
#include <linux/bsearch.h>
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/sort.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#include "compat.h"

static unsigned int count_mmap, count_fault;
module_param(count_mmap, uint, 0444);
module_param(count_fault, uint, 0444);

enum kind { KIND_NONE, KIND_NUMBER, KIND_TEXT, KIND_PAIR, KIND_MAX };

struct row {
	__u32 key;
	__u8 kind;
	__u8 flags;
	__u16 uses;
	union {
		__u64 number;
		char text[8];
		struct {
			__s32 left;
			__s32 right;
		} pair;
	};
} __packed;

struct table {
	__u32 rows;
	__u32 sorted : 1;
	__u32 full : 1;
	__u32 generation : 30;
	struct row row[];
};

#define TABLE_BYTES (2 * PAGE_SIZE)
#define MOST_ROWS ((TABLE_BYTES - sizeof(struct table)) / sizeof(struct row))

static struct table *table;
static DEFINE_MUTEX(table_lock);

static int by_key(const void *a, const void *b)
{
	const struct row *l = a, *r = b;

	return l->key < r->key ? -1 : l->key > r->key;
}

static s64 weight_none(const struct row *r)
{
	return 0;
}

static s64 weight_number(const struct row *r)
{
	return r->number;
}

static s64 weight_text(const struct row *r)
{
	return strnlen(r->text, sizeof(r->text));
}

static s64 weight_pair(const struct row *r)
{
	return (s64)r->pair.left * r->pair.right;
}

static s64 (*const weights[KIND_MAX])(const struct row *r) = {
	[KIND_NONE] = weight_none,
	[KIND_NUMBER] = weight_number,
	[KIND_TEXT] = weight_text,
	[KIND_PAIR] = weight_pair,
};

static struct row *table_find(u32 key)
{
	struct row wanted = { .key = key };
	u32 i;

	if (table->sorted)
		return bsearch(&wanted, table->row, table->rows, sizeof(struct row), by_key);
	for (i = 0; i < table->rows; i++)
		if (table->row[i].key == key)
			return &table->row[i];
	return NULL;
}

static ssize_t table_write(struct file *file, const char __user *from, size_t count, loff_t *pos)
{
	size_t done = 0;
	ssize_t ret = 0;

	if (count % sizeof(struct row))
		return -EINVAL;
	mutex_lock(&table_lock);
	while (done < count) {
		struct row *r = &table->row[table->rows];

		if (table->rows == MOST_ROWS) {
			table->full = 1;
			ret = -ENOSPC;
			break;
		}
		if (copy_from_user(r, from + done, sizeof(*r))) {
			ret = -EFAULT;
			break;
		}
		if (r->kind >= KIND_MAX || table_find(r->key)) {
			memset(r, 0, sizeof(*r));
			ret = -EEXIST;
			break;
		}
		table->rows++;
		table->sorted = 0;
		done += sizeof(*r);
	}
	table->generation++;
	mutex_unlock(&table_lock);
	return done ? done : ret;
}

static long table_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	struct row *r;
	s64 sum = 0;
	long ret = 0;
	u32 i;

	mutex_lock(&table_lock);
	switch (cmd) {
	case 0x101:
		sort(table->row, table->rows, sizeof(struct row), by_key, NULL);
		table->sorted = 1;
		ret = table->generation;
		break;
	case 0x102:
		r = table_find(arg);
		if (!r) {
			ret = -ENOENT;
			break;
		}
		r->uses++;
		ret = r - table->row;
		break;
	case 0x103:
		for (i = 0; i < table->rows; i++)
			sum += weights[table->row[i].kind](&table->row[i]);
		ret = sum < 0 ? -ERANGE : (long)sum;
		break;
	case 0x104:
		r = table_find(arg);
		if (!r) {
			ret = -ENOENT;
			break;
		}
		i = r - table->row;
		memmove(r, r + 1, (table->rows - i - 1) * sizeof(*r));
		memset(&table->row[--table->rows], 0, sizeof(*r));
		table->full = 0;
		break;
	case 0x105:
		ret = sizeof(struct row) * 100 + offsetof(struct row, pair);
		break;
	default:
		ret = -ENOTTY;
	}
	mutex_unlock(&table_lock);
	return ret;
}

static vm_fault_t table_fault(struct vm_fault *vmf)
{
	count_fault++;
	if (vmf->pgoff >= TABLE_BYTES >> PAGE_SHIFT)
		return VM_FAULT_SIGBUS;
	vmf->page = virt_to_page((void *)table + (vmf->pgoff << PAGE_SHIFT));
	get_page(vmf->page);
	return 0;
}

static const struct vm_operations_struct table_vm_ops = { .fault = table_fault };

static int table_mmap(struct file *file, struct vm_area_struct *vma)
{
	count_mmap++;
	if (vma->vm_flags & (VM_WRITE | VM_EXEC))
		return -EACCES;
	vm_flags_clear(vma, VM_MAYWRITE | VM_MAYEXEC);
	vma->vm_ops = &table_vm_ops;
	return 0;
}

static const struct file_operations table_fops = {
	.owner = THIS_MODULE,
	.write = table_write,
	.mmap = table_mmap,
	.unlocked_ioctl = table_ioctl,
};

static struct miscdevice table_misc = { .minor = MISC_DYNAMIC_MINOR, .name = "table-view", .fops = &table_fops };

static int __init table_init(void)
{
	int err;

	table = alloc_pages_exact(TABLE_BYTES, GFP_KERNEL | __GFP_ZERO);
	if (!table)
		return -ENOMEM;
	err = misc_register(&table_misc);
	if (err)
		free_pages_exact(table, TABLE_BYTES);
	return err;
}

static void __exit table_exit(void)
{
	misc_deregister(&table_misc);
	free_pages_exact(table, TABLE_BYTES);
}
module_init(table_init);
module_exit(table_exit);
MODULE_LICENSE("GPL");
