/** What others are told and wait for: work items, timers, completions (kernel/sched/completion.c). Who runs when is the world's matter. */
export const waiting = `
struct work_struct {
	unsigned long data;
	struct list_head entry;
	void (*func)(struct work_struct *);
};

struct timer_list {
	struct hlist_node entry;
	unsigned long expires;
	void (*function)(struct timer_list *);
	unsigned int flags;
};

struct delayed_work {
	struct work_struct work;
	struct timer_list timer;
	void *wq;
	int cpu;
};

struct delayed_work *to_delayed_work(struct work_struct *work)
{
	return container_of(work, struct delayed_work, work);
}

void sema_init(struct semaphore *semaphore, int count)
{
	semaphore->count = count;
}

struct completion {
	unsigned int done;
	unsigned long opaque[3];
};

void complete(struct completion *completion)
{
	if (completion->done != 0xffffffffU)
		completion->done++;
}

void complete_all(struct completion *completion)
{
	completion->done = 0xffffffffU;
}

void init_completion(struct completion *completion)
{
	completion->done = 0;
}

void reinit_completion(struct completion *completion)
{
	completion->done = 0;
}

bool completion_done(struct completion *completion)
{
	return completion->done != 0;
}

bool try_wait_for_completion(struct completion *completion)
{
	if (!completion->done)
		return false;
	if (completion->done != 0xffffffffU)
		completion->done--;
	return true;
}
`;
