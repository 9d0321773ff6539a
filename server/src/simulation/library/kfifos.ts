/**
 * `kfifo`: queues of elements or of records in a ring of memory (include/linux/kfifo.h, lib/kfifo.c). The types of the queues that a driver
 * declares by macros are made by the lowering; they have `kfifo`, `type`, `rectype` and `buf` as the kernel's have.
 */
export const kfifos = `
struct __kfifo {
	unsigned int in;
	unsigned int out;
	unsigned int mask;
	unsigned int esize;
	void *data;
};

struct kfifo {
	union {
		struct __kfifo kfifo;
		unsigned char *type;
		char (*rectype)[0];
	};
	unsigned char buf[0];
};

struct kfifo_rec_ptr_1 {
	union {
		struct __kfifo kfifo;
		unsigned char *type;
		char (*rectype)[1];
	};
	unsigned char buf[0];
};

struct kfifo_rec_ptr_2 {
	union {
		struct __kfifo kfifo;
		unsigned char *type;
		char (*rectype)[2];
	};
	unsigned char buf[0];
};

#define kfifo_recsize(fifo) (sizeof(*(fifo)->rectype))
#define kfifo_esize(fifo) ((fifo)->kfifo.esize)
#define kfifo_size(fifo) ((fifo)->kfifo.mask + 1)
#define kfifo_initialized(fifo) ((fifo)->kfifo.mask != 0)
#define kfifo_len(fifo) ((fifo)->kfifo.in - (fifo)->kfifo.out)
#define kfifo_is_empty(fifo) ((fifo)->kfifo.in == (fifo)->kfifo.out)
#define kfifo_is_full(fifo) (kfifo_len(fifo) > (fifo)->kfifo.mask)
#define kfifo_is_empty_spinlocked(fifo, lock) kfifo_is_empty(fifo)
#define kfifo_is_empty_spinlocked_noirqsave(fifo, lock) kfifo_is_empty(fifo)
#define kfifo_reset(fifo) ((void)((fifo)->kfifo.in = (fifo)->kfifo.out = 0))
#define kfifo_reset_out(fifo) ((void)((fifo)->kfifo.out = (fifo)->kfifo.in))
#define kfifo_avail(fifo) kfifo_room(&(fifo)->kfifo, kfifo_recsize(fifo))
#define kfifo_peek_len(fifo) kfifo_next_length(&(fifo)->kfifo, kfifo_recsize(fifo))
#define kfifo_skip(fifo) kfifo_pass(&(fifo)->kfifo, kfifo_recsize(fifo))
#define kfifo_slot(fifo, at) (((typeof((fifo)->type))((fifo)->kfifo.data))[(at) & (fifo)->kfifo.mask])
#define kfifo_put(fifo, value) \\
	(kfifo_is_full(fifo) ? 0 : (kfifo_slot(fifo, (fifo)->kfifo.in) = (value), (fifo)->kfifo.in++, 1))
#define kfifo_peek(fifo, value) \\
	(kfifo_is_empty(fifo) ? 0 : (*(value) = kfifo_slot(fifo, (fifo)->kfifo.out), 1))
#define kfifo_get(fifo, value) \\
	(kfifo_is_empty(fifo) ? 0 : (*(value) = kfifo_slot(fifo, (fifo)->kfifo.out), (fifo)->kfifo.out++, 1))
#define kfifo_in(fifo, from, count) ({ \\
	unsigned int kfifo_count = (count); \\
	unsigned int kfifo_i; \\
	if (kfifo_recsize(fifo)) { \\
		kfifo_count = kfifo_in_record(&(fifo)->kfifo, (from), kfifo_count, kfifo_recsize(fifo)); \\
	} else { \\
		kfifo_count = kfifo_at_most(kfifo_count, (fifo)->kfifo.mask + 1 - kfifo_len(fifo)); \\
		for (kfifo_i = 0; kfifo_i < kfifo_count; kfifo_i++) \\
			kfifo_slot(fifo, (fifo)->kfifo.in + kfifo_i) = ((typeof((fifo)->type))(from))[kfifo_i]; \\
		(fifo)->kfifo.in += kfifo_count; \\
	} \\
	kfifo_count; })
#define kfifo_out_peek(fifo, to, count) ({ \\
	unsigned int kfifo_count = (count); \\
	unsigned int kfifo_i; \\
	if (kfifo_recsize(fifo)) { \\
		kfifo_count = kfifo_peek_record(&(fifo)->kfifo, (to), kfifo_count, kfifo_recsize(fifo)); \\
	} else { \\
		kfifo_count = kfifo_at_most(kfifo_count, kfifo_len(fifo)); \\
		for (kfifo_i = 0; kfifo_i < kfifo_count; kfifo_i++) \\
			((typeof((fifo)->type))(to))[kfifo_i] = kfifo_slot(fifo, (fifo)->kfifo.out + kfifo_i); \\
	} \\
	kfifo_count; })
#define kfifo_out(fifo, to, count) ({ \\
	unsigned int kfifo_taken = kfifo_out_peek(fifo, to, count); \\
	if (!kfifo_recsize(fifo)) \\
		(fifo)->kfifo.out += kfifo_taken; \\
	else if (!kfifo_is_empty(fifo)) \\
		kfifo_pass(&(fifo)->kfifo, kfifo_recsize(fifo)); \\
	kfifo_taken; })
#define kfifo_in_spinlocked(fifo, from, count, lock) kfifo_in(fifo, from, count)
#define kfifo_in_spinlocked_noirqsave(fifo, from, count, lock) kfifo_in(fifo, from, count)
#define kfifo_in_locked(fifo, from, count, lock) kfifo_in(fifo, from, count)
#define kfifo_out_spinlocked(fifo, to, count, lock) kfifo_out(fifo, to, count)
#define kfifo_out_spinlocked_noirqsave(fifo, to, count, lock) kfifo_out(fifo, to, count)
#define kfifo_out_locked(fifo, to, count, lock) kfifo_out(fifo, to, count)
#define kfifo_from_user(fifo, from, length, copied) \\
	kfifo_take_from_user(&(fifo)->kfifo, (from), (length), (copied), kfifo_recsize(fifo))
#define kfifo_to_user(fifo, to, length, copied) \\
	kfifo_give_to_user(&(fifo)->kfifo, (to), (length), (copied), kfifo_recsize(fifo))
#define INIT_KFIFO(fifo) \\
	((void)((fifo).kfifo.in = (fifo).kfifo.out = 0, (fifo).kfifo.mask = ARRAY_SIZE((fifo).buf) - 1, \\
		(fifo).kfifo.esize = sizeof(*(fifo).buf), (fifo).kfifo.data = (fifo).buf))
#define kfifo_alloc(fifo, count, gfp) kfifo_allocate(&(fifo)->kfifo, (count), sizeof(*(fifo)->type), (gfp))
#define kfifo_init(fifo, memory, bytes) kfifo_use(&(fifo)->kfifo, (memory), (bytes), sizeof(*(fifo)->type))
#define kfifo_free(fifo) kfifo_release(&(fifo)->kfifo)

unsigned int kfifo_at_most(unsigned int count, unsigned int most)
{
	return count < most ? count : most;
}

int kfifo_allocate(struct __kfifo *fifo, unsigned int count, unsigned long esize, unsigned int gfp)
{
	count = roundup_pow_of_two(count);
	fifo->in = 0;
	fifo->out = 0;
	fifo->esize = esize;
	fifo->mask = 0;
	fifo->data = NULL;
	if (count < 2)
		return -EINVAL;
	fifo->data = kmalloc_array(esize, count, gfp);
	if (!fifo->data)
		return -ENOMEM;
	fifo->mask = count - 1;
	return 0;
}

int kfifo_use(struct __kfifo *fifo, void *memory, unsigned int bytes, unsigned long esize)
{
	unsigned int count = bytes / esize;

	if (!is_power_of_2(count))
		count = rounddown_pow_of_two(count);
	fifo->in = 0;
	fifo->out = 0;
	fifo->esize = esize;
	fifo->data = memory;
	fifo->mask = 0;
	if (count < 2)
		return -EINVAL;
	fifo->mask = count - 1;
	return 0;
}

void kfifo_release(struct __kfifo *fifo)
{
	kfree(fifo->data);
	fifo->in = 0;
	fifo->out = 0;
	fifo->esize = 0;
	fifo->mask = 0;
	fifo->data = NULL;
}

unsigned char *kfifo_byte(struct __kfifo *fifo, unsigned int at)
{
	return (unsigned char *)fifo->data + (at & fifo->mask);
}

unsigned int kfifo_longest(unsigned int length, unsigned int recsize)
{
	return kfifo_at_most(length, (1U << (recsize << 3)) - 1);
}

unsigned int kfifo_room(struct __kfifo *fifo, unsigned int recsize)
{
	unsigned int room = fifo->mask + 1 - (fifo->in - fifo->out);

	if (!recsize)
		return room;
	return room <= recsize ? 0 : kfifo_longest(room - recsize, recsize);
}

unsigned int kfifo_record_length(struct __kfifo *fifo, unsigned int recsize)
{
	unsigned int length = *kfifo_byte(fifo, fifo->out);

	return recsize > 1 ? length | *kfifo_byte(fifo, fifo->out + 1) << 8 : length;
}

unsigned int kfifo_next_length(struct __kfifo *fifo, unsigned int recsize)
{
	return recsize ? kfifo_record_length(fifo, recsize) : (fifo->in - fifo->out) * fifo->esize;
}

void kfifo_pass(struct __kfifo *fifo, unsigned int recsize)
{
	fifo->out += recsize ? kfifo_record_length(fifo, recsize) + recsize : 1;
}

void kfifo_begin_record(struct __kfifo *fifo, unsigned int length, unsigned int recsize)
{
	*kfifo_byte(fifo, fifo->in) = length;
	if (recsize > 1)
		*kfifo_byte(fifo, fifo->in + 1) = length >> 8;
}

unsigned int kfifo_in_record(struct __kfifo *fifo, const void *from, unsigned int length, unsigned int recsize)
{
	unsigned int i;

	if (length + recsize > fifo->mask + 1 - (fifo->in - fifo->out))
		return 0;
	kfifo_begin_record(fifo, length, recsize);
	for (i = 0; i < length; i++)
		*kfifo_byte(fifo, fifo->in + recsize + i) = ((const unsigned char *)from)[i];
	fifo->in += length + recsize;
	return length;
}

unsigned int kfifo_peek_record(struct __kfifo *fifo, void *to, unsigned int length, unsigned int recsize)
{
	unsigned int i;

	if (fifo->in == fifo->out)
		return 0;
	length = kfifo_at_most(length, kfifo_record_length(fifo, recsize));
	for (i = 0; i < length; i++)
		((unsigned char *)to)[i] = *kfifo_byte(fifo, fifo->out + recsize + i);
	return length;
}

unsigned long kfifo_copy_user(struct __kfifo *fifo, void *user, unsigned int at, unsigned int count, bool in)
{
	unsigned int size = fifo->mask + 1;
	unsigned int first = kfifo_at_most(count, size - (at & fifo->mask));
	unsigned char *place = (unsigned char *)fifo->data + (unsigned long)(at & fifo->mask) * fifo->esize;
	unsigned long bytes = (unsigned long)first * fifo->esize;
	unsigned long rest = (unsigned long)(count - first) * fifo->esize;
	unsigned long left = in ? copy_from_user(place, user, bytes) : copy_to_user(user, place, bytes);

	if (left || !rest)
		return left + rest;
	return in ? copy_from_user(fifo->data, (char *)user + bytes, rest) : copy_to_user((char *)user + bytes, fifo->data, rest);
}

int kfifo_move_elements(struct __kfifo *fifo, void *user, unsigned long length, unsigned int *copied, unsigned int most, bool in)
{
	unsigned int count = kfifo_at_most(length / fifo->esize, most);
	unsigned long left = kfifo_copy_user(fifo, user, in ? fifo->in : fifo->out, count, in);

	left = (left + fifo->esize - 1) / fifo->esize;
	*copied = (count - left) * fifo->esize;
	if (in)
		fifo->in += count - left;
	else
		fifo->out += count - left;
	return left ? -EFAULT : 0;
}

int kfifo_take_from_user(struct __kfifo *fifo, void *from, unsigned long length, unsigned int *copied, unsigned int recsize)
{
	unsigned int room = fifo->mask + 1 - (fifo->in - fifo->out);

	if (!recsize)
		return kfifo_move_elements(fifo, from, length, copied, room, true);
	length = kfifo_longest(length, recsize);
	*copied = 0;
	if (length + recsize > room)
		return 0;
	kfifo_begin_record(fifo, length, recsize);
	if (kfifo_copy_user(fifo, from, fifo->in + recsize, length, true))
		return -EFAULT;
	*copied = length;
	fifo->in += length + recsize;
	return 0;
}

int kfifo_give_to_user(struct __kfifo *fifo, void *to, unsigned long length, unsigned int *copied, unsigned int recsize)
{
	unsigned int whole;

	if (!recsize)
		return kfifo_move_elements(fifo, to, length, copied, fifo->in - fifo->out, false);
	*copied = 0;
	if (fifo->in == fifo->out)
		return 0;
	whole = kfifo_record_length(fifo, recsize);
	length = kfifo_at_most(length, whole);
	if (kfifo_copy_user(fifo, to, fifo->out + recsize, length, false))
		return -EFAULT;
	*copied = length;
	fifo->out += whole + recsize;
	return 0;
}
`;
