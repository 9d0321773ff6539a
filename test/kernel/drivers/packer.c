// SPDX-License-Identifier: MIT
/*
 * Packs descriptors as a device wants them: write() takes records (kind, priority, length, address), packs each into 16 bytes, big endian, with a check sum,
 * and appends it to a ring that programs map. ioctl 0x100 + N gives derived numbers.
 */
#include <linux/bitfield.h>
#include <linux/bitops.h>
#include <linux/bitrev.h>
#include <linux/fs.h>
#include <linux/gcd.h>
#include <linux/log2.h>
#include <linux/math64.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/version.h>
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 12, 0)
#include <asm/unaligned.h>
#else
#include <linux/unaligned.h>
#endif

static unsigned int count_mmap;
module_param(count_mmap, uint, 0444);

#define PACKER_ENTRIES 8
#define PACKER_KIND GENMASK_ULL(63, 60)
#define PACKER_PRIORITY GENMASK_ULL(59, 56)
#define PACKER_LENGTH GENMASK_ULL(55, 40)
#define PACKER_ADDRESS GENMASK_ULL(39, 0)

struct packer_record {
	__u8 kind;
	__u8 priority;
	__u16 length;
	__u32 reserved;
	__u64 address;
} __packed;

struct packer_entry {
	__be64 word;
	__be32 check;
	__le16 number;
	u8 flags;
	u8 order;
};
static_assert(sizeof(struct packer_entry) == 16);

union packer_state {
	struct {
		u32 head : 12;
		u32 tail : 12;
		u32 wrapped : 1;
		s32 balance : 7;
	};
	u32 all;
};

struct packer_ring {
	union packer_state state;
	u32 overruns;
	u64 bytes;
	struct packer_entry entry[PACKER_ENTRIES];
};

static struct packer_ring *packer_ring;
static u16 packer_number;

static u32 packer_check(const void *data, size_t length)
{
	const u8 *byte = data;
	u32 sum = 0xffffffff;

	while (length--)
		sum = rol32(sum, 5) ^ *byte++;
	return ~sum;
}

static int packer_pack(const struct packer_record *record)
{
	struct packer_ring *ring = packer_ring;
	union packer_state state = ring->state;
	struct packer_entry *entry;
	u64 word;

	if (!FIELD_FIT(PACKER_KIND, record->kind) || !FIELD_FIT(PACKER_PRIORITY, record->priority))
		return -EINVAL;
	if (record->address > FIELD_MAX(PACKER_ADDRESS))
		return -ERANGE;
	if (record->reserved)
		return -EBADMSG;
	word = FIELD_PREP(PACKER_KIND, record->kind) | FIELD_PREP(PACKER_PRIORITY, record->priority) |
	       FIELD_PREP(PACKER_LENGTH, record->length) | FIELD_PREP(PACKER_ADDRESS, record->address);
	entry = &ring->entry[state.head];
	entry->word = cpu_to_be64(word);
	entry->check = cpu_to_be32(packer_check(&entry->word, sizeof(entry->word)));
	entry->number = cpu_to_le16(++packer_number);
	entry->flags = (record->priority > 7) << 7 | (hweight16(record->length) & 1);
	entry->order = record->length ? get_order(record->length * 64) : 0xff;
	ring->bytes += record->length;
	state.head = (state.head + 1) % PACKER_ENTRIES;
	state.balance -= record->kind;
	if (state.head == state.tail) {
		state.tail = (state.tail + 1) % PACKER_ENTRIES;
		state.wrapped = true;
		ring->overruns++;
	}
	ring->state = state;
	return 0;
}

static ssize_t packer_write(struct file *file, const char __user *from, size_t length, loff_t *position)
{
	struct packer_record record;
	size_t done;
	int err;

	for (done = 0; done + sizeof(record) <= length; done += sizeof(record)) {
		if (copy_from_user(&record, from + done, sizeof(record)))
			return done ?: -EFAULT;
		err = packer_pack(&record);
		if (err)
			return done ?: err;
	}
	return done ? done : -EINVAL;
}

static long packer_ioctl(struct file *file, unsigned int command, unsigned long argument)
{
	const u8 *bytes = (const u8 *)packer_ring->entry;
	u64 product;
	u32 rest;

	switch (command) {
	case 0x101:
		return get_unaligned_be32(bytes + argument) & 0x7fffffff;
	case 0x102:
		return get_unaligned_le16(bytes + argument);
	case 0x103:
		return packer_ring->state.head << 16 | packer_ring->state.tail << 4 | packer_ring->state.wrapped;
	case 0x104:
		return packer_ring->state.balance + 100;
	case 0x105:
		product = mul_u32_u32(argument, 0xdeadbeef);
		product = div_u64_rem(product, 1000003, &rest);
		return (product ^ rest) & INT_MAX;
	case 0x106:
		return ilog2(argument) << 8 | fls64(argument) << 16 | __ffs(argument | BIT(20));
	case 0x107:
		return roundup_pow_of_two(argument) / gcd(argument, 360);
	case 0x108:
		return int_sqrt(argument) + DIV_ROUND_CLOSEST((int)argument, 7);
	case 0x109:
		return sign_extend32(argument, 11) + 4096;
	case 0x10a:
		return swab16(argument) ^ bitrev8(argument >> 16);
	case 0x10b:
		return mult_frac(argument, 1000UL, 3UL) % INT_MAX;
	case 0x10c:
		return div64_s64(-(s64)argument, 3) + (s64)argument;
	case 0x10d:
		return clamp_t(int, argument, -5, 50) + abs((int)argument) % 10;
	}
	return -ENOTTY;
}

static int packer_mmap(struct file *file, struct vm_area_struct *vma)
{
	count_mmap++;
	if (vma->vm_end - vma->vm_start > PAGE_SIZE)
		return -EINVAL;
	return remap_pfn_range(vma, vma->vm_start, page_to_pfn(virt_to_page(packer_ring)), PAGE_SIZE, vma->vm_page_prot);
}

static const struct file_operations packer_fops = {
	.owner = THIS_MODULE,
	.write = packer_write,
	.unlocked_ioctl = packer_ioctl,
	.mmap = packer_mmap,
};

static struct miscdevice packer_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "packer",
	.fops = &packer_fops,
};

static int __init packer_init(void)
{
	BUILD_BUG_ON(sizeof(struct packer_ring) > PAGE_SIZE);
	packer_ring = (void *)__get_free_pages(GFP_KERNEL | __GFP_ZERO, 0);
	if (!packer_ring)
		return -ENOMEM;
	return misc_register(&packer_device);
}
module_init(packer_init);

static void __exit packer_exit(void)
{
	misc_deregister(&packer_device);
	free_pages((unsigned long)packer_ring, 0);
}
module_exit(packer_exit);

MODULE_DESCRIPTION("Packs descriptors");
MODULE_LICENSE("GPL");
