/** Timers of high resolution (include/linux/hrtimer.h) and tasklets (include/linux/interrupt.h). Who runs when is the world's matter. */
export const clockwork = `
#define HRTIMER_MODE_ABS 0
#define HRTIMER_MODE_REL 1
#define HRTIMER_MODE_ABS_PINNED 2
#define HRTIMER_MODE_REL_PINNED 3
#define HRTIMER_MODE_ABS_SOFT 4
#define HRTIMER_MODE_REL_SOFT 5
#define HRTIMER_NORESTART 0
#define HRTIMER_RESTART 1
#define from_tasklet(owner, tasklet, member) container_of(tasklet, typeof(*(owner)), member)
#define from_timer(owner, timer, member) container_of(timer, typeof(*(owner)), member)
#define timer_container_of(owner, timer, member) container_of(timer, typeof(*(owner)), member)
#define hrtimer_start_range_ns(timer, moment, range, mode) hrtimer_start((timer), (moment), (mode))
#define hrtimer_start_expires(timer, mode) hrtimer_restart(timer)
#define hrtimer_set_expires(timer, moment) ((void)((timer)->expires = (moment)))
#define hrtimer_get_expires(timer) ((timer)->expires)
#define hrtimer_get_expires_ns(timer) ((timer)->expires)
#define hrtimer_get_remaining(timer) ((timer)->expires - ktime_get())
#define hrtimer_cb_get_time(timer) ktime_get()
#define hrtimer_forward_now(timer, interval) hrtimer_forward((timer), ktime_get(), (interval))
#define hrtimer_try_to_cancel(timer) hrtimer_cancel(timer)
#define hrtimer_is_queued(timer) hrtimer_active(timer)
#define tasklet_hi_schedule(tasklet) tasklet_schedule(tasklet)

struct hrtimer {
	unsigned long node[3];
	long long expires;
	int (*function)(struct hrtimer *);
	unsigned long base;
	unsigned char state[8];
};

struct tasklet_struct {
	struct tasklet_struct *next;
	unsigned long state;
	atomic_t count;
	bool takes_data;
	union {
		void (*func)(unsigned long);
		void (*callback)(struct tasklet_struct *);
	};
	unsigned long data;
};

void hrtimer_init(struct hrtimer *timer, int clock, int mode)
{
	timer->expires = 0;
}

void hrtimer_setup(struct hrtimer *timer, int (*function)(struct hrtimer *), int clock, int mode)
{
	timer->expires = 0;
	timer->function = function;
}

unsigned long long hrtimer_forward(struct hrtimer *timer, long long now, long long interval)
{
	unsigned long long rounds;

	if (now < timer->expires || interval <= 0)
		return 0;
	rounds = (now - timer->expires) / interval + 1;
	timer->expires += rounds * interval;
	return rounds;
}

void tasklet_setup(struct tasklet_struct *tasklet, void (*callback)(struct tasklet_struct *))
{
	tasklet->takes_data = false;
	tasklet->callback = callback;
	tasklet->state = 0;
	tasklet->data = 0;
	atomic_set(&tasklet->count, 0);
}

void tasklet_init(struct tasklet_struct *tasklet, void (*func)(unsigned long), unsigned long data)
{
	tasklet->takes_data = true;
	tasklet->func = func;
	tasklet->state = 0;
	tasklet->data = data;
	atomic_set(&tasklet->count, 0);
}

void tasklet_runs(struct tasklet_struct *tasklet)
{
	if (atomic_read(&tasklet->count))
		return;
	if (tasklet->takes_data)
		tasklet->func(tasklet->data);
	else
		tasklet->callback(tasklet);
}

void tasklet_disable(struct tasklet_struct *tasklet)
{
	atomic_inc(&tasklet->count);
}

void tasklet_disable_nosync(struct tasklet_struct *tasklet)
{
	atomic_inc(&tasklet->count);
}

void tasklet_enable(struct tasklet_struct *tasklet)
{
	atomic_dec(&tasklet->count);
}
`;
