/** Variables of each processor, of which there is one, and counters that are summed over processors (lib/percpu_counter.c). */
export const counters = `
#define per_cpu_ptr(pointer, cpu) (pointer)
#define this_cpu_ptr(pointer) (pointer)
#define raw_cpu_ptr(pointer) (pointer)
#define get_cpu_ptr(pointer) (pointer)
#define put_cpu_ptr(pointer) ((void)(pointer))
#define per_cpu(variable, cpu) (variable)
#define get_cpu_var(variable) (variable)
#define put_cpu_var(variable) ((void)0)
#define this_cpu_read(variable) (variable)
#define this_cpu_write(variable, value) ((variable) = (value))
#define this_cpu_add(variable, value) ((variable) += (value))
#define this_cpu_sub(variable, value) ((variable) -= (value))
#define this_cpu_inc(variable) ((variable)++)
#define this_cpu_dec(variable) ((variable)--)
#define __this_cpu_add(variable, value) ((variable) += (value))
#define __this_cpu_inc(variable) ((variable)++)
#define __this_cpu_read(variable) (variable)
#define this_cpu_add_return(variable, value) ((variable) += (value))
#define this_cpu_inc_return(variable) (++(variable))
#define alloc_percpu(type) kzalloc(sizeof(type), GFP_KERNEL)
#define alloc_percpu_gfp(type, gfp) kzalloc(sizeof(type), (gfp))
#define free_percpu(pointer) kfree(pointer)
#define rcu_replace_pointer(pointer, fresh, condition) ({ typeof(pointer) old_one = (pointer); (pointer) = (fresh); old_one; })

struct percpu_counter {
	long long count;
};

int percpu_counter_init(struct percpu_counter *counter, long long amount, unsigned int gfp)
{
	counter->count = amount;
	return 0;
}

void percpu_counter_destroy(struct percpu_counter *counter)
{
}

void percpu_counter_set(struct percpu_counter *counter, long long amount)
{
	counter->count = amount;
}

void percpu_counter_add(struct percpu_counter *counter, long long amount)
{
	counter->count += amount;
}

void percpu_counter_add_batch(struct percpu_counter *counter, long long amount, int batch)
{
	counter->count += amount;
}

void percpu_counter_sub(struct percpu_counter *counter, long long amount)
{
	counter->count -= amount;
}

void percpu_counter_inc(struct percpu_counter *counter)
{
	counter->count++;
}

void percpu_counter_dec(struct percpu_counter *counter)
{
	counter->count--;
}

long long percpu_counter_read(struct percpu_counter *counter)
{
	return counter->count;
}

long long percpu_counter_sum(struct percpu_counter *counter)
{
	return counter->count;
}

long long percpu_counter_read_positive(struct percpu_counter *counter)
{
	return counter->count < 0 ? 0 : counter->count;
}

long long percpu_counter_sum_positive(struct percpu_counter *counter)
{
	return counter->count < 0 ? 0 : counter->count;
}

int percpu_counter_compare(struct percpu_counter *counter, long long amount)
{
	return counter->count > amount ? 1 : counter->count < amount ? -1 : 0;
}
`;
