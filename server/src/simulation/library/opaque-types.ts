/** Structs of the kernel that drivers embed and never look into: their sizes on x86-64 without lock debugging, so that what lies behind them is found. */
export const opaqueTypes = `
struct callback_head {
	struct callback_head *next;
	void (*func)(struct callback_head *);
};

struct rcu_head {
	struct rcu_head *next;
	void (*func)(struct rcu_head *);
};

struct mutex {
	unsigned long opaque[4];
};

struct spinlock {
	unsigned int opaque;
};

struct raw_spinlock {
	unsigned int opaque;
};

struct rwlock {
	unsigned int opaque[2];
};

struct rw_semaphore {
	unsigned long opaque[5];
};

struct semaphore {
	unsigned int lock;
	unsigned int count;
	struct list_head waiters;
};

struct wait_queue_head {
	struct spinlock lock;
	struct list_head head;
};

struct wait_queue_entry {
	unsigned long opaque[5];
};

struct xarray {
	unsigned long opaque[2];
};

struct ida {
	struct xarray xa;
};

struct miscdevice {
	int minor;
	const char *name;
	const struct file_operations *fops;
	struct list_head list;
	struct device *parent;
	struct device *this_device;
	const struct attribute_group **groups;
	const char *nodename;
	unsigned short mode;
};

struct kobject {
	const char *name;
	struct list_head entry;
	struct kobject *parent;
	void *kset;
	void *ktype;
	void *sd;
	struct kref kref;
	unsigned int state;
};

struct cdev {
	struct kobject kobj;
	struct module *owner;
	const struct file_operations *ops;
	struct list_head list;
	unsigned int dev;
	unsigned int count;
};

struct idr {
	struct xarray idr_rt;
	unsigned int idr_base;
	unsigned int idr_next;
};
`;
