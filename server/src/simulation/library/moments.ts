/** Sums and differences of moments (include/linux/ktime.h, include/linux/jiffies.h), and values that are exchanged in one step. */
export const moments = `
#define ktime_sub(left, right) ((left) - (right))
#define ktime_add(left, right) ((left) + (right))
#define ktime_add_ns(moment, ns) ((moment) + (ns))
#define ktime_sub_ns(moment, ns) ((moment) - (ns))
#define ktime_to_ns(moment) ((long long)(moment))
#define ns_to_ktime(ns) ((long long)(ns))
#define xchg(place, value) ({ typeof(*(place)) xchg_old = *(place); *(place) = (value); xchg_old; })
#define cmpxchg(place, expected, value) ({ typeof(*(place)) xchg_old = *(place); if (xchg_old == (expected)) *(place) = (value); xchg_old; })
#define cmpxchg64(place, expected, value) cmpxchg(place, expected, value)
#define xchg_relaxed(place, value) xchg(place, value)
#define cmpxchg_relaxed(place, expected, value) cmpxchg(place, expected, value)
#define try_cmpxchg(place, expected, value) \\
	({ bool xchg_same = *(place) == *(expected); if (xchg_same) *(place) = (value); else *(expected) = *(place); xchg_same; })
#define time_in_range(moment, from, to) (time_after_eq((moment), (from)) && time_before_eq((moment), (to)))
#define assign_bit(bit, map, value) ((value) ? set_bit((bit), (map)) : clear_bit((bit), (map)))
#define __assign_bit(bit, map, value) assign_bit(bit, map, value)

long long ktime_set(long long seconds, unsigned long nanoseconds)
{
	return seconds * 1000000000LL + nanoseconds;
}

long long ms_to_ktime(unsigned long long milliseconds)
{
	return milliseconds * 1000000LL;
}

long long us_to_ktime(unsigned long long microseconds)
{
	return microseconds * 1000LL;
}

long long ktime_to_us(long long moment)
{
	return moment / 1000;
}

long long ktime_to_ms(long long moment)
{
	return moment / 1000000;
}

long long ktime_us_delta(long long later, long long earlier)
{
	return (later - earlier) / 1000;
}

long long ktime_ms_delta(long long later, long long earlier)
{
	return (later - earlier) / 1000000;
}

int ktime_compare(long long left, long long right)
{
	return left < right ? -1 : left > right;
}

bool ktime_after(long long left, long long right)
{
	return left > right;
}

bool ktime_before(long long left, long long right)
{
	return left < right;
}

unsigned int jiffies_to_usecs(unsigned long ticks)
{
	return ticks * 4000;
}

unsigned long usecs_to_jiffies(unsigned int microseconds)
{
	return (microseconds + 3999) / 4000;
}

unsigned long nsecs_to_jiffies(unsigned long long nanoseconds)
{
	return nanoseconds / 4000000;
}

int test_and_change_bit(long bit, unsigned long *map)
{
	int old = test_bit(bit, map);

	assign_bit(bit, map, !old);
	return old;
}
`;
