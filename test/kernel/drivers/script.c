// SPDX-License-Identifier: MIT
/*
 * Is told what to do by words: write() of lines such as "fill 1 0x55", "size 3", "word 4096 17", "name some-text", "copy 0 1", "fail -22". read() gives a report by
 * seq_file. The memory is one exact block of pages, mapped by pfn; a new size gives a new block where no mapping is there.
 */
#include <linux/ctype.h>
#include <linux/fs.h>
#include <linux/io.h>
#include <linux/kstrtox.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uaccess.h>

static unsigned int count_mmap, count_open, count_close;
module_param(count_mmap, uint, 0444);
module_param(count_open, uint, 0444);
module_param(count_close, uint, 0444);

static DEFINE_MUTEX(script_lock);
static void *script_memory;
static size_t script_size = 2 * PAGE_SIZE;
static int script_users;
static char script_name[16] = "none";

static int script_fill(char *arguments)
{
	unsigned int page;
	u8 byte;
	char *word = strsep(&arguments, " ");

	if (!word || kstrtouint(word, 10, &page))
		return -EINVAL;
	word = strsep(&arguments, " ");
	if (!word)
		return -EINVAL;
	if (kstrtou8(word, 0, &byte))
		return -ERANGE;
	if (page >= script_size >> PAGE_SHIFT)
		return -ENXIO;
	memset(script_memory + page * PAGE_SIZE, byte, PAGE_SIZE);
	return 0;
}

static int script_resize(char *arguments)
{
	unsigned long pages;
	void *memory;
	int err;

	err = kstrtoul(skip_spaces(arguments), 0, &pages);
	if (err)
		return err;
	if (!pages || pages > 8)
		return -EFBIG;
	if (script_users)
		return -EBUSY;
	memory = alloc_pages_exact(pages << PAGE_SHIFT, GFP_KERNEL | __GFP_ZERO);
	if (!memory)
		return -ENOMEM;
	memcpy(memory, script_memory, min_t(size_t, script_size, pages << PAGE_SHIFT));
	free_pages_exact(script_memory, script_size);
	script_memory = memory;
	script_size = pages << PAGE_SHIFT;
	return 0;
}

static int script_word(char *arguments)
{
	unsigned int offset, value;

	if (sscanf(arguments, "%u %x", &offset, &value) != 2)
		return -EINVAL;
	if (offset > script_size - sizeof(u32) || !IS_ALIGNED(offset, sizeof(u32)))
		return -EFAULT;
	*(u32 *)(script_memory + offset) = value;
	return 0;
}

static int script_rename(char *arguments)
{
	char *word = strim(arguments);

	if (!*word || strchr(word, '/'))
		return -EINVAL;
	return strscpy(script_name, word, sizeof(script_name)) < 0 ? -ENAMETOOLONG : 0;
}

static int script_copy(char *arguments)
{
	int from, to;

	if (sscanf(arguments, "%d %d", &from, &to) < 2)
		return -EINVAL;
	if (from < 0 || to < 0 || max(from, to) >= script_size / PAGE_SIZE)
		return -ENXIO;
	copy_page(script_memory + to * PAGE_SIZE, script_memory + from * PAGE_SIZE);
	return 0;
}

static int script_fail(char *arguments)
{
	long err;

	if (kstrtol(arguments, 10, &err) || err >= 0 || !IS_ERR_VALUE(err))
		return -EINVAL;
	return err;
}

static const struct script_verb {
	const char *name;
	int (*run)(char *arguments);
} script_verbs[] = {
	{ "fill", script_fill },
	{ "size", script_resize },
	{ "word", script_word },
	{ "name", script_rename },
	{ "copy", script_copy },
	{ "fail", script_fail },
};

static ssize_t script_write(struct file *file, const char __user *from, size_t length, loff_t *position)
{
	char *text, *rest, *line, *verb;
	int err = 0;
	size_t i;

	if (length > 256)
		return -E2BIG;
	text = memdup_user_nul(from, length);
	if (IS_ERR(text))
		return PTR_ERR(text);
	rest = text;
	if (mutex_lock_interruptible(&script_lock)) {
		kfree(text);
		return -ERESTARTSYS;
	}
	while (!err && (line = strsep(&rest, "\n")) != NULL) {
		line = skip_spaces(line);
		if (!*line || *line == '#')
			continue;
		verb = strsep(&line, " \t");
		err = -EOPNOTSUPP;
		for (i = 0; i < ARRAY_SIZE(script_verbs); i++) {
			if (strcasecmp(verb, script_verbs[i].name))
				continue;
			err = line ? script_verbs[i].run(line) : -ENODATA;
			break;
		}
	}
	mutex_unlock(&script_lock);
	kfree(text);
	return err ?: length;
}

static int script_show(struct seq_file *seq, void *v)
{
	mutex_lock(&script_lock);
	seq_printf(seq, "name=%s pages=%zu users=%d\n", script_name, script_size >> PAGE_SHIFT, script_users);
	seq_puts(seq, isupper(script_name[0]) ? "loud" : "quiet");
	seq_putc(seq, '\n');
	mutex_unlock(&script_lock);
	return 0;
}

static int script_open(struct inode *inode, struct file *file)
{
	return single_open(file, script_show, NULL);
}

static void script_vma_open(struct vm_area_struct *vma)
{
	count_open++;
	mutex_lock(&script_lock);
	script_users++;
	mutex_unlock(&script_lock);
}

static void script_vma_close(struct vm_area_struct *vma)
{
	count_close++;
	mutex_lock(&script_lock);
	script_users--;
	mutex_unlock(&script_lock);
}

static const struct vm_operations_struct script_vm_ops = {
	.open = script_vma_open,
	.close = script_vma_close,
};

static int script_mmap(struct file *file, struct vm_area_struct *vma)
{
	unsigned long offset = vma->vm_pgoff << PAGE_SHIFT, size = vma->vm_end - vma->vm_start;
	int err = -EINVAL;

	count_mmap++;
	mutex_lock(&script_lock);
	if (offset < script_size && size <= script_size - offset)
		err = remap_pfn_range(vma, vma->vm_start, virt_to_phys(script_memory + offset) >> PAGE_SHIFT, size, vma->vm_page_prot);
	if (!err) {
		vma->vm_ops = &script_vm_ops;
		script_users++;
	}
	mutex_unlock(&script_lock);
	return err;
}

static const struct file_operations script_fops = {
	.owner = THIS_MODULE,
	.open = script_open,
	.read = seq_read,
	.llseek = seq_lseek,
	.write = script_write,
	.release = single_release,
	.mmap = script_mmap,
};

static struct miscdevice script_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "script",
	.fops = &script_fops,
};

static int __init script_init(void)
{
	int err;

	script_memory = alloc_pages_exact(script_size, GFP_KERNEL | __GFP_ZERO);
	if (!script_memory)
		return -ENOMEM;
	err = misc_register(&script_device);
	if (err)
		free_pages_exact(script_memory, script_size);
	return err;
}
module_init(script_init);

static void __exit script_exit(void)
{
	misc_deregister(&script_device);
	free_pages_exact(script_memory, script_size);
}
module_exit(script_exit);

MODULE_DESCRIPTION("Is told what to do by words");
MODULE_LICENSE("GPL");
