// SPDX-License-Identifier: MIT
/*
 * Dispatches its ioctl calls by number over a table that says the size and the function of each, copies the argument in and out, and lets older
 * programs pass shorter structs. The memory is a flag-packed page map; units of bit fields and of unions are used throughout.
 */
#include <linux/fs.h>
#include <linux/ioctl.h>
#include <linux/kernel.h>
#include <linux/log2.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/nospec.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

static unsigned int count_mmap, count_fault;
module_param(count_mmap, uint, 0444);
module_param(count_fault, uint, 0444);

#define DISPATCH_PAGES 6

union dispatch_entry {
	u32 raw;
	struct {
		u32 present : 1;
		u32 writable : 1;
		u32 kind : 3;
		u32 : 3;
		u32 frame : 12;
		s32 bias : 12;
	};
};

struct dispatch_info {
	__u32 pages;
	__u16 version;
	__u16 order;
};

struct dispatch_set {
	__u32 index;
	__u32 frame;
	__s32 bias;
	__u32 flags;
};

struct dispatch_query {
	__u32 index;
	__u32 raw;
	__be32 wire;
	__le16 low;
	__u16 kind;
};

#define DISPATCH_INFO _IOR('D', 0x40, struct dispatch_info)
#define DISPATCH_SET _IOW('D', 0x41, struct dispatch_set)
#define DISPATCH_QUERY _IOWR('D', 0x42, struct dispatch_query)
#define DISPATCH_RESET _IO('D', 0x43)

struct dispatch {
	union dispatch_entry entries[DISPATCH_PAGES];
	struct page *frames[DISPATCH_PAGES];
};

static struct dispatch *dispatch;

static int dispatch_info(struct file *file, void *data)
{
	struct dispatch_info *info = data;

	info->pages = DISPATCH_PAGES;
	info->version = 0x0102;
	info->order = order_base_2(DISPATCH_PAGES) << 8 | ilog2(DISPATCH_PAGES);
	return 0;
}

static int dispatch_set(struct file *file, void *data)
{
	struct dispatch_set *set = data;
	union dispatch_entry entry = { .raw = 0 };

	if (set->index >= DISPATCH_PAGES || set->frame >= DISPATCH_PAGES)
		return -EINVAL;
	if (set->flags & ~0x1fU)
		return -EOPNOTSUPP;
	set->index = array_index_nospec(set->index, DISPATCH_PAGES);
	entry.present = 1;
	entry.writable = set->flags & 1;
	entry.kind = set->flags >> 1;
	entry.frame = set->frame;
	entry.bias = set->bias;
	dispatch->entries[set->index] = entry;
	unmap_mapping_range(file->f_mapping, (loff_t)set->index << PAGE_SHIFT, PAGE_SIZE, 1);
	return entry.bias;
}

static int dispatch_query(struct file *file, void *data)
{
	struct dispatch_query *query = data;
	const union dispatch_entry *entry;

	if (query->index >= DISPATCH_PAGES)
		return -EINVAL;
	entry = &dispatch->entries[query->index];
	query->raw = entry->raw;
	query->wire = cpu_to_be32(entry->raw);
	query->low = cpu_to_le16(lower_16_bits(entry->raw));
	query->kind = entry->kind;
	return hweight32(entry->raw);
}

static int dispatch_reset(struct file *file, void *data)
{
	memset(dispatch->entries, 0, sizeof(dispatch->entries));
	unmap_mapping_range(file->f_mapping, 0, 0, 1);
	return 0;
}

#define DISPATCH_CALL(command, function) [_IOC_NR(command) - 0x40] = { command, function, #function }

static const struct dispatch_call {
	unsigned int command;
	int (*function)(struct file *file, void *data);
	const char *name;
} dispatch_calls[] = {
	DISPATCH_CALL(DISPATCH_INFO, dispatch_info),
	DISPATCH_CALL(DISPATCH_SET, dispatch_set),
	DISPATCH_CALL(DISPATCH_QUERY, dispatch_query),
	DISPATCH_CALL(DISPATCH_RESET, dispatch_reset),
};

static long dispatch_ioctl(struct file *file, unsigned int command, unsigned long argument)
{
	const struct dispatch_call *call;
	unsigned int number = _IOC_NR(command) - 0x40, in, out, most;
	char data[64] = { 0 };
	long result;

	if (_IOC_TYPE(command) != 'D' || number >= ARRAY_SIZE(dispatch_calls))
		return -ENOTTY;
	call = &dispatch_calls[number];
	in = out = _IOC_SIZE(command);
	if (!(command & call->command & IOC_IN))
		in = 0;
	if (!(command & call->command & IOC_OUT))
		out = 0;
	most = max3(in, out, (unsigned int)_IOC_SIZE(call->command));
	if (most > sizeof(data))
		return -E2BIG;
	if (in && copy_from_user(data, (void __user *)argument, in))
		return -EFAULT;
	result = call->function(file, data);
	if (out && result >= 0 && copy_to_user((void __user *)argument, data, out))
		return -EFAULT;
	return result;
}

static vm_fault_t dispatch_fault(struct vm_fault *vmf)
{
	const union dispatch_entry *entry;

	count_fault++;
	if (vmf->pgoff >= DISPATCH_PAGES)
		return VM_FAULT_SIGBUS;
	entry = &dispatch->entries[vmf->pgoff];
	if (!entry->present || (vmf->flags & FAULT_FLAG_WRITE && !entry->writable))
		return VM_FAULT_SIGBUS;
	vmf->page = dispatch->frames[entry->frame];
	get_page(vmf->page);
	return 0;
}

static const struct vm_operations_struct dispatch_vm_ops = {
	.fault = dispatch_fault,
};

static int dispatch_mmap(struct file *file, struct vm_area_struct *vma)
{
	count_mmap++;
	vma->vm_ops = &dispatch_vm_ops;
	return 0;
}

static const struct file_operations dispatch_fops = {
	.owner = THIS_MODULE,
	.unlocked_ioctl = dispatch_ioctl,
	.compat_ioctl = compat_ptr_ioctl,
	.mmap = dispatch_mmap,
};

static struct miscdevice dispatch_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "dispatch",
	.fops = &dispatch_fops,
};

static void dispatch_free(void)
{
	int i;

	for (i = 0; i < DISPATCH_PAGES; i++)
		if (dispatch->frames[i])
			put_page(dispatch->frames[i]);
	kfree(dispatch);
}

static int __init dispatch_init(void)
{
	int i, err = -ENOMEM;

	static_assert(sizeof(union dispatch_entry) == 4);
	dispatch = kzalloc(sizeof(*dispatch), GFP_KERNEL);
	if (!dispatch)
		return -ENOMEM;
	for (i = 0; i < DISPATCH_PAGES; i++) {
		dispatch->frames[i] = alloc_page(GFP_USER | __GFP_ZERO);
		if (!dispatch->frames[i])
			goto failed;
		*(u32 *)page_address(dispatch->frames[i]) = 0xf000 + i;
	}
	err = misc_register(&dispatch_device);
	if (err)
		goto failed;
	return 0;
failed:
	dispatch_free();
	return err;
}
module_init(dispatch_init);

static void __exit dispatch_exit(void)
{
	misc_deregister(&dispatch_device);
	dispatch_free();
}
module_exit(dispatch_exit);

MODULE_DESCRIPTION("Dispatches ioctl calls by a table");
MODULE_LICENSE("GPL");
