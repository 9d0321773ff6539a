/** What drivers have their files do for them: positions of a file of a known size (fs/read_write.c). */
export const fileHelpers = `
long long generic_file_llseek_size(struct file *file, long long offset, int whence, long long largest, long long end)
{
	if (whence == 2)
		offset += end;
	else if (whence == 1 && offset == 0)
		return file->f_pos;
	else if (whence == 1)
		offset += file->f_pos;
	else if (whence != 0)
		return -EINVAL;
	if (offset < 0 || offset > largest)
		return -EINVAL;
	file->f_pos = offset;
	return offset;
}

long long fixed_size_llseek(struct file *file, long long offset, int whence, long long size)
{
	return generic_file_llseek_size(file, offset, whence, size, size);
}

long long no_seek_end_llseek(struct file *file, long long offset, int whence)
{
	if (whence == 2)
		return -EINVAL;
	return generic_file_llseek_size(file, offset, whence, 0x7fffffffffffffffLL, 0);
}

long long no_seek_end_llseek_size(struct file *file, long long offset, int whence, long long size)
{
	if (whence == 2)
		return -EINVAL;
	return generic_file_llseek_size(file, offset, whence, size, 0);
}

long long default_llseek(struct file *file, long long offset, int whence)
{
	return generic_file_llseek_size(file, offset, whence, 0x7fffffffffffffffLL, file_inode(file)->i_size);
}

long long generic_file_llseek(struct file *file, long long offset, int whence)
{
	return default_llseek(file, offset, whence);
}

long long noop_llseek(struct file *file, long long offset, int whence)
{
	return file->f_pos;
}
`;
