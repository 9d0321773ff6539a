/**
 * Locks that readers do not take but look at twice (include/linux/seqlock.h), and read-copy-update with domains of its own
 * (include/linux/srcu.h), for one thread that nobody interrupts.
 */
export const sequences = `
struct seqcount {
	unsigned int sequence;
};

struct seqlock {
	struct seqcount seqcount;
	struct spinlock lock;
};

struct srcu_struct {
	unsigned long opaque[8];
};

#define SEQCNT_ZERO(name) { .sequence = 0 }
#define __SEQLOCK_UNLOCKED(name) { .seqcount = { .sequence = 0 } }
#define seqcount_init(count) ((void)((count)->sequence = 0))
#define seqcount_spinlock_init(count, lock) seqcount_init(count)
#define seqcount_mutex_init(count, lock) seqcount_init(count)
#define seqcount_rwlock_init(count, lock) seqcount_init(count)
#define seqlock_init(lock) seqcount_init(&(lock)->seqcount)
#define raw_read_seqcount(count) ((count)->sequence)
#define read_seqcount_begin(count) ((count)->sequence)
#define raw_read_seqcount_begin(count) ((count)->sequence)
#define read_seqcount_retry(count, start) ((count)->sequence != (start))
#define write_seqcount_begin(count) ((void)(count)->sequence++)
#define write_seqcount_end(count) ((void)(count)->sequence++)
#define raw_write_seqcount_begin(count) write_seqcount_begin(count)
#define raw_write_seqcount_end(count) write_seqcount_end(count)
#define write_seqcount_invalidate(count) ((void)((count)->sequence += 2))
#define read_seqbegin(lock) ((lock)->seqcount.sequence)
#define read_seqretry(lock, start) ((lock)->seqcount.sequence != (start))
#define write_seqlock(lock) write_seqcount_begin(&(lock)->seqcount)
#define write_sequnlock(lock) write_seqcount_end(&(lock)->seqcount)
#define write_seqlock_irq(lock) write_seqlock(lock)
#define write_sequnlock_irq(lock) write_sequnlock(lock)
#define write_seqlock_bh(lock) write_seqlock(lock)
#define write_sequnlock_bh(lock) write_sequnlock(lock)
#define write_seqlock_irqsave(lock, flags) write_seqlock(lock)
#define write_sequnlock_irqrestore(lock, flags) write_sequnlock(lock)
#define read_seqlock_excl(lock) ((void)(lock))
#define read_sequnlock_excl(lock) ((void)(lock))
#define init_srcu_struct(domain) ((void)(domain), 0)
#define cleanup_srcu_struct(domain) ((void)(domain))
#define srcu_read_lock(domain) ((void)(domain), 0)
#define srcu_read_unlock(domain, index) ((void)(domain))
#define srcu_dereference(pointer, domain) (pointer)
#define synchronize_srcu(domain) synchronize_rcu()
#define synchronize_srcu_expedited(domain) synchronize_rcu()
#define call_srcu(domain, head, function) call_rcu((head), (function))
#define srcu_barrier(domain) rcu_barrier()
`;
