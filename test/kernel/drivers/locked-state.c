// SPDX-License-Identifier: MIT
/* A state machine: idle, configured, running, error; each call is allowed in some states only; mappings made while idle are refused, and errors zap them. */
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/vmalloc.h>

#include "compat.h"

static unsigned int count_mmap, count_fault, count_open, count_close;
module_param(count_mmap, uint, 0444);
module_param(count_fault, uint, 0444);
module_param(count_open, uint, 0444);
module_param(count_close, uint, 0444);

enum state { IDLE, CONFIGURED, RUNNING, FAILED };

static const char *const state_names[] = { "idle", "configured", "running", "failed" };

struct config {
	__u32 version;
	__u32 pages;
	__u64 pattern;
	__u8 name[12];
	__u32 crc;
};

struct machine {
	struct mutex lock;
	enum state state;
	struct config config;
	void *memory;
	unsigned long pages;
	unsigned int vmas;
	unsigned int transitions;
	struct file *owner;
};

static struct machine m;

static int machine_to(enum state next)
{
	static const u8 allowed[] = {
		[IDLE] = BIT(CONFIGURED),
		[CONFIGURED] = BIT(IDLE) | BIT(RUNNING) | BIT(CONFIGURED),
		[RUNNING] = BIT(CONFIGURED) | BIT(FAILED),
		[FAILED] = BIT(IDLE),
	};

	if (!(allowed[m.state] & BIT(next)))
		return -EPROTO;
	m.state = next;
	m.transitions++;
	return 0;
}

static int machine_configure(const struct config __user *user)
{
	struct config c;
	u64 *words;
	unsigned long i;
	int err;

	if (copy_from_user(&c, user, sizeof(c)))
		return -EFAULT;
	if (c.version != 2)
		return -EPROTONOSUPPORT;
	if (!c.pages || c.pages > 16)
		return -EINVAL;
	if (c.name[sizeof(c.name) - 1])
		return -ENAMETOOLONG;
	if (m.vmas)
		return -EBUSY;
	err = machine_to(CONFIGURED);
	if (err)
		return err;
	vfree(m.memory);
	m.memory = vmalloc_user((unsigned long)c.pages << PAGE_SHIFT);
	if (!m.memory) {
		m.state = IDLE;
		return -ENOMEM;
	}
	m.pages = c.pages;
	m.config = c;
	words = m.memory;
	for (i = 0; i < m.pages; i++)
		words[i * PAGE_SIZE / sizeof(u64)] = c.pattern + i;
	return 0;
}

static long machine_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	long ret;

	if (mutex_lock_interruptible(&m.lock))
		return -EINTR;
	if (m.owner && m.owner != file) {
		ret = -EACCES;
		goto unlock;
	}
	switch (_IOC_NR(cmd)) {
	case 1:
		ret = _IOC_SIZE(cmd) == sizeof(struct config) ? machine_configure((void __user *)arg) : -EINVAL;
		break;
	case 2:
		ret = machine_to(RUNNING);
		if (!ret)
			m.owner = file;
		break;
	case 3:
		ret = machine_to(CONFIGURED);
		m.owner = NULL;
		break;
	case 4:
		ret = machine_to(FAILED);
		if (ret)
			break;
		unmap_mapping_range(file->f_mapping, 0, 0, 1);
		m.owner = NULL;
		break;
	case 5:
		ret = m.vmas ? -EBUSY : machine_to(IDLE);
		break;
	case 6:
		ret = copy_to_user((void __user *)arg, state_names[m.state], strlen(state_names[m.state]) + 1) ? -EFAULT : m.state;
		break;
	case 7:
		ret = m.transitions * 100 + m.vmas;
		break;
	default:
		ret = -ENOTTY;
	}
unlock:
	mutex_unlock(&m.lock);
	return ret;
}

static vm_fault_t machine_fault(struct vm_fault *vmf)
{
	vm_fault_t ret;

	count_fault++;
	mutex_lock(&m.lock);
	if (m.state == FAILED || vmf->pgoff >= m.pages) {
		ret = VM_FAULT_SIGBUS;
	} else if (m.state == CONFIGURED && (vmf->flags & FAULT_FLAG_WRITE)) {
		ret = VM_FAULT_SIGSEGV;
	} else {
		vmf->page = vmalloc_to_page(m.memory + (vmf->pgoff << PAGE_SHIFT));
		get_page(vmf->page);
		ret = 0;
	}
	mutex_unlock(&m.lock);
	return ret;
}

static void machine_vm_open(struct vm_area_struct *vma)
{
	count_open++;
	mutex_lock(&m.lock);
	m.vmas++;
	mutex_unlock(&m.lock);
}

static void machine_vm_close(struct vm_area_struct *vma)
{
	count_close++;
	mutex_lock(&m.lock);
	m.vmas--;
	mutex_unlock(&m.lock);
}

static const struct vm_operations_struct machine_vm_ops = {
	.open = machine_vm_open,
	.close = machine_vm_close,
	.fault = machine_fault,
};

static int machine_mmap(struct file *file, struct vm_area_struct *vma)
{
	int ret = 0;

	count_mmap++;
	mutex_lock(&m.lock);
	if (m.state == IDLE || m.state == FAILED)
		ret = -ENODEV;
	else if (vma->vm_pgoff + vma_pages(vma) > m.pages)
		ret = -ENXIO;
	else
		m.vmas++;
	mutex_unlock(&m.lock);
	if (ret)
		return ret;
	vm_flags_set(vma, VM_DONTEXPAND | VM_DONTCOPY);
	vma->vm_ops = &machine_vm_ops;
	return 0;
}

static int machine_flush(struct file *file, fl_owner_t id)
{
	if (m.owner == file)
		m.transitions += 1000;
	return 0;
}

static int machine_release(struct inode *inode, struct file *file)
{
	mutex_lock(&m.lock);
	if (m.owner == file) {
		m.owner = NULL;
		m.state = CONFIGURED;
	}
	mutex_unlock(&m.lock);
	return 0;
}

static const struct file_operations machine_fops = {
	.owner = THIS_MODULE,
	.flush = machine_flush,
	.release = machine_release,
	.mmap = machine_mmap,
	.unlocked_ioctl = machine_ioctl,
};

static struct miscdevice machine_misc = { .minor = MISC_DYNAMIC_MINOR, .name = "locked-state", .fops = &machine_fops };

static int __init machine_init(void)
{
	mutex_init(&m.lock);
	return misc_register(&machine_misc);
}

static void __exit machine_exit(void)
{
	misc_deregister(&machine_misc);
	vfree(m.memory);
}
module_init(machine_init);
module_exit(machine_exit);
MODULE_LICENSE("GPL");
