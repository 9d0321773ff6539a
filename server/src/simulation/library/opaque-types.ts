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
	unsigned long opaque[3];
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

struct idr {
	struct xarray idr_rt;
	unsigned int idr_base;
	unsigned int idr_next;
};
`;
