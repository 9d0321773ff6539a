// SPDX-License-Identifier: MIT
/* Shared memory by name: ioctl attaches the file to a named segment (made when it is new), all who are attached map the same pages. */
#include <linux/fs.h>
#include <linux/list.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/refcount.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uaccess.h>
#include <linux/vmalloc.h>
#include <linux/xarray.h>

static unsigned int count_mmap, count_open, count_close;
module_param(count_mmap, uint, 0444);
module_param(count_open, uint, 0444);
module_param(count_close, uint, 0444);

#define NAME_LEN 16

struct shm_attach {
	char name[NAME_LEN];
	__u64 size;
	__u32 flags;
	__u32 id;
};

#define SHM_CREATE 1u
#define SHM_EXCL 2u
#define SHM_ATTACH _IOWR('N', 1, struct shm_attach)
#define SHM_DETACH _IO('N', 2)
#define SHM_COUNT _IO('N', 3)
#define SHM_NAME _IOR('N', 4, char[NAME_LEN])

struct segment {
	struct list_head node;
	refcount_t refs;
	char name[NAME_LEN];
	u32 id;
	size_t size;
	void *mem;
};

static LIST_HEAD(segments);
static DEFINE_MUTEX(segments_lock);
static DEFINE_XARRAY_ALLOC1(segment_ids);

static struct segment *segment_find(const char *name)
{
	struct segment *seg;

	list_for_each_entry(seg, &segments, node)
		if (!strncmp(seg->name, name, NAME_LEN))
			return seg;
	return NULL;
}

static void segment_put(struct segment *seg)
{
	mutex_lock(&segments_lock);
	if (refcount_dec_and_test(&seg->refs)) {
		list_del(&seg->node);
		xa_erase(&segment_ids, seg->id);
		vfree(seg->mem);
		kfree(seg);
	}
	mutex_unlock(&segments_lock);
}

static struct segment *segment_new(const struct shm_attach *a)
{
	struct segment *seg;
	int err;

	if (!a->size || a->size > SZ_128K)
		return ERR_PTR(-EINVAL);
	seg = kzalloc(sizeof(*seg), GFP_KERNEL);
	if (!seg)
		return ERR_PTR(-ENOMEM);
	seg->size = PAGE_ALIGN(a->size);
	seg->mem = vmalloc_user(seg->size);
	if (!seg->mem) {
		kfree(seg);
		return ERR_PTR(-ENOMEM);
	}
	err = xa_alloc(&segment_ids, &seg->id, seg, XA_LIMIT(1, 3), GFP_KERNEL);
	if (err) {
		vfree(seg->mem);
		kfree(seg);
		return ERR_PTR(err);
	}
	strscpy(seg->name, a->name, NAME_LEN);
	refcount_set(&seg->refs, 1);
	list_add_tail(&seg->node, &segments);
	return seg;
}

static long shm_attach(struct file *file, void __user *argp)
{
	struct shm_attach a;
	struct segment *seg;

	if (copy_from_user(&a, argp, sizeof(a)))
		return -EFAULT;
	if (strnlen(a.name, NAME_LEN) == NAME_LEN || !a.name[0])
		return -ENAMETOOLONG;
	if (file->private_data)
		return -EISCONN;
	mutex_lock(&segments_lock);
	seg = segment_find(a.name);
	if (seg && (a.flags & SHM_EXCL))
		seg = ERR_PTR(-EEXIST);
	else if (seg)
		refcount_inc(&seg->refs);
	else if (a.flags & SHM_CREATE)
		seg = segment_new(&a);
	else
		seg = ERR_PTR(-ENOENT);
	mutex_unlock(&segments_lock);
	if (IS_ERR(seg))
		return PTR_ERR(seg);
	file->private_data = seg;
	a.size = seg->size;
	a.id = seg->id;
	return copy_to_user(argp, &a, sizeof(a)) ? -EFAULT : seg->id;
}

static long shm_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	struct segment *seg = file->private_data;
	struct segment *each;
	unsigned long index;
	long n = 0;

	switch (cmd) {
	case SHM_ATTACH:
		return shm_attach(file, (void __user *)arg);
	case SHM_DETACH:
		if (!seg)
			return -ENOTCONN;
		file->private_data = NULL;
		segment_put(seg);
		return 0;
	case SHM_COUNT:
		mutex_lock(&segments_lock);
		xa_for_each(&segment_ids, index, each)
			n = n * 10 + refcount_read(&each->refs);
		mutex_unlock(&segments_lock);
		return n;
	case SHM_NAME:
		if (!seg)
			return -ENOTCONN;
		return copy_to_user((void __user *)arg, seg->name, NAME_LEN) ? -EFAULT : 0;
	}
	return -ENOTTY;
}

static void shm_vm_open(struct vm_area_struct *vma)
{
	struct segment *seg = vma->vm_private_data;

	count_open++;
	refcount_inc(&seg->refs);
}

static void shm_vm_close(struct vm_area_struct *vma)
{
	count_close++;
	segment_put(vma->vm_private_data);
}

static const struct vm_operations_struct shm_vm_ops = {
	.open = shm_vm_open,
	.close = shm_vm_close,
};

static int shm_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct segment *seg = file->private_data;
	int err;

	count_mmap++;
	if (!seg)
		return -ENOTCONN;
	err = remap_vmalloc_range(vma, seg->mem, vma->vm_pgoff);
	if (err)
		return err;
	vma->vm_private_data = seg;
	vma->vm_ops = &shm_vm_ops;
	shm_vm_open(vma);
	return 0;
}

static int shm_release(struct inode *inode, struct file *file)
{
	if (file->private_data)
		segment_put(file->private_data);
	return 0;
}

static int shm_open(struct inode *inode, struct file *file)
{
	file->private_data = NULL;
	return 0;
}

static const struct file_operations shm_fops = {
	.owner = THIS_MODULE,
	.open = shm_open,
	.release = shm_release,
	.unlocked_ioctl = shm_ioctl,
	.mmap = shm_mmap,
};

static struct miscdevice shm_misc = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "named-shm",
	.fops = &shm_fops,
};
module_misc_device(shm_misc);
MODULE_LICENSE("GPL");
