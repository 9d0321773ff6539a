/** Which words name types, by the kernel's own tables and habits. Knows nothing of trees and masks. */

const typedefWords: ReadonlySet<string> = new Set(
  (
    'u8 u16 u32 u64 s8 s16 s32 s64 __u8 __u16 __u32 __u64 __s8 __s16 __s32 __s64 __le16 __le32 __le64 __be16 __be32 __be64 bool void char ' +
    'short int long float double signed unsigned uint ulong ushort uchar u_int u_long u_char u_short caddr_t __sum16 __wsum __poll_t'
  ).split(' '),
);

/** Whether a bare word names a type: a C word, a kernel typedef by its form, or one of the file's typedefs. */
export function isTypeWord(word: string, typeNames: ReadonlySet<string>): boolean {
  return typedefWords.has(word) || typeNames.has(word) || /^[a-z_]\w*_t$/.test(word);
}
