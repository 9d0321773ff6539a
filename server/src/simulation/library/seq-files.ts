/** `struct seq_file`: text that is made record by record as a program reads it (fs/seq_file.c). What is printed into it the world appends. */
export const seqFiles = `
struct seq_operations {
	void *(*start)(struct seq_file *seq, long long *position);
	void (*stop)(struct seq_file *seq, void *record);
	void *(*next)(struct seq_file *seq, void *record, long long *position);
	int (*show)(struct seq_file *seq, void *record);
};

struct seq_file {
	char *buf;
	unsigned long size;
	unsigned long from;
	unsigned long count;
	long long index;
	long long read_pos;
	const struct seq_operations *op;
	struct file *file;
	void *private;
	int (*single)(struct seq_file *seq, void *record);
};

int seq_open(struct file *file, const struct seq_operations *op)
{
	struct seq_file *seq;

	WARN_ON(file->private_data);
	seq = kzalloc(sizeof(*seq), GFP_KERNEL);
	if (!seq)
		return -ENOMEM;
	seq->op = op;
	seq->file = file;
	file->private_data = seq;
	return 0;
}

void *seq_single_start(struct seq_file *seq, long long *position)
{
	return *position == 0 ? seq : NULL;
}

void *seq_single_next(struct seq_file *seq, void *record, long long *position)
{
	*position += 1;
	return NULL;
}

int single_open_size(struct file *file, int (*show)(struct seq_file *, void *), void *data, unsigned long size)
{
	int err = seq_open(file, NULL);
	struct seq_file *seq = file->private_data;

	if (err)
		return err;
	seq->single = show;
	seq->private = data;
	if (size) {
		seq->buf = kzalloc(size, GFP_KERNEL);
		seq->size = size;
	}
	return 0;
}

int single_open(struct file *file, int (*show)(struct seq_file *, void *), void *data)
{
	return single_open_size(file, show, data, 0);
}

void *__seq_open_private(struct file *file, const struct seq_operations *op, int size)
{
	void *data = kzalloc(size, GFP_KERNEL);
	struct seq_file *seq;

	if (!data)
		return NULL;
	if (seq_open(file, op)) {
		kfree(data);
		return NULL;
	}
	seq = file->private_data;
	seq->private = data;
	return data;
}

int seq_open_private(struct file *file, const struct seq_operations *op, int size)
{
	return __seq_open_private(file, op, size) ? 0 : -ENOMEM;
}

int seq_release(struct inode *inode, struct file *file)
{
	struct seq_file *seq = file->private_data;

	kfree(seq->buf);
	kfree(seq);
	return 0;
}

int single_release(struct inode *inode, struct file *file)
{
	return seq_release(inode, file);
}

int seq_release_private(struct inode *inode, struct file *file)
{
	struct seq_file *seq = file->private_data;

	kfree(seq->private);
	seq->private = NULL;
	return seq_release(inode, file);
}

void *seq_record_first(struct seq_file *seq)
{
	return seq->op ? seq->op->start(seq, &seq->index) : seq_single_start(seq, &seq->index);
}

void *seq_record_next(struct seq_file *seq, void *record)
{
	return seq->op ? seq->op->next(seq, record, &seq->index) : seq_single_next(seq, record, &seq->index);
}

int seq_record_show(struct seq_file *seq, void *record)
{
	return seq->op ? seq->op->show(seq, record) : seq->single(seq, record);
}

void seq_record_stop(struct seq_file *seq, void *record)
{
	if (seq->op)
		seq->op->stop(seq, record);
}

/* A larger buffer for a record that has no room. */
int seq_grow(struct seq_file *seq)
{
	kfree(seq->buf);
	seq->count = 0;
	seq->size = seq->size ? seq->size * 2 : PAGE_SIZE;
	seq->buf = kzalloc(seq->size, GFP_KERNEL);
	return seq->buf ? 0 : -ENOMEM;
}

/* Fills the buffer with records, at least one and until there are length bytes; what is in it is the count. */
int seq_fill(struct seq_file *seq, unsigned long length)
{
	unsigned long before;
	long long index;
	void *record;
	int err = 0;

	seq->from = 0;
	seq->count = 0;
	if (!seq->buf && seq_grow(seq))
		return -ENOMEM;
	record = seq_record_first(seq);
	while (record && !IS_ERR(record)) {
		before = seq->count;
		if (before && before >= length)
			break;
		err = seq_record_show(seq, record);
		if (err < 0) {
			seq->count = before;
			break;
		}
		if (err > 0)
			seq->count = before;
		if (seq->count >= seq->size) {
			seq->count = before;
			if (before)
				break;
			seq_record_stop(seq, record);
			if (seq_grow(seq))
				return -ENOMEM;
			record = seq_record_first(seq);
			continue;
		}
		err = 0;
		index = seq->index;
		record = seq_record_next(seq, record);
		if (seq->index == index)
			seq->index = index + 1;
	}
	if (IS_ERR(record))
		err = PTR_ERR(record);
	seq_record_stop(seq, record);
	return seq->count ? 0 : err;
}

/* Makes everything before the position once more. */
int seq_go_to(struct seq_file *seq, long long position)
{
	long long passed = 0;
	int err;

	seq->index = 0;
	seq->count = 0;
	seq->from = 0;
	while (passed < position) {
		err = seq_fill(seq, 1);
		if (err || !seq->count)
			return err;
		if (passed + (long long)seq->count > position) {
			seq->from = position - passed;
			seq->count -= seq->from;
			return 0;
		}
		passed += seq->count;
		seq->count = 0;
	}
	return 0;
}

long seq_read(struct file *file, char *to, unsigned long length, loff_t *position)
{
	struct seq_file *seq = file->private_data;
	unsigned long copied = 0, part;
	int err = 0;

	if (!length)
		return 0;
	if (*position == 0) {
		seq->index = 0;
		seq->count = 0;
	}
	if (*position != seq->read_pos) {
		err = seq_go_to(seq, *position);
		seq->read_pos = err ? 0 : *position;
		if (err)
			return err;
	}
	if (seq->count) {
		part = min(seq->count, length);
		if (copy_to_user(to, seq->buf + seq->from, part))
			return -EFAULT;
		seq->count -= part;
		seq->from += part;
		copied = part;
	}
	if (!seq->count && copied < length) {
		err = seq_fill(seq, length - copied);
		part = min(seq->count, length - copied);
		if (part && copy_to_user(to + copied, seq->buf, part))
			return -EFAULT;
		seq->count -= part;
		seq->from = part;
		copied += part;
	}
	if (!copied)
		return err;
	*position += copied;
	seq->read_pos += copied;
	return copied;
}

loff_t seq_lseek(struct file *file, loff_t offset, int whence)
{
	struct seq_file *seq = file->private_data;
	int err;

	if (whence == 1)
		offset += file->f_pos;
	else if (whence != 0)
		return -EINVAL;
	if (offset < 0)
		return -EINVAL;
	if (offset != seq->read_pos) {
		err = seq_go_to(seq, offset);
		if (err) {
			file->f_pos = 0;
			seq->read_pos = 0;
			seq->index = 0;
			seq->count = 0;
			return err;
		}
		seq->read_pos = offset;
	}
	file->f_pos = offset;
	return offset;
}

bool seq_has_overflowed(struct seq_file *seq)
{
	return seq->count == seq->size;
}

int seq_write(struct seq_file *seq, const void *data, unsigned long length)
{
	if (seq->count + length >= seq->size) {
		seq->count = seq->size;
		return -1;
	}
	memcpy(seq->buf + seq->count, data, length);
	seq->count += length;
	return 0;
}

void seq_puts(struct seq_file *seq, const char *text)
{
	seq_write(seq, text, strlen(text));
}

void seq_putc(struct seq_file *seq, char byte)
{
	seq_write(seq, &byte, 1);
}

int simple_open(struct inode *inode, struct file *file)
{
	if (inode->i_private)
		file->private_data = inode->i_private;
	return 0;
}
`;
