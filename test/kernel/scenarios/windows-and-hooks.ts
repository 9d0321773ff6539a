/** Windows, areas, references, and functions of the file that system calls on a mapping reach. Long because it is one list. */
import type { KernelScenario } from './scenario.ts';
import { scenariosOf } from './told.ts';

export const windowStories: readonly KernelScenario[] = scenariosOf(`
@ file-hooks
== fsync
open rw
a = mmap len 2p off 3p prot rw shared
write a 1
msync a sync
msync a async
msync a len 1p sync invalidate
ioctl 0x104
ioctl 0x101 5
msync a sync
msync a+1p len 1p sync
close
msync a sync
== fsync-private
open rw
a = mmap len 2p prot rw private
write a 1
msync a sync
b = mmap len 3p prot r shared
msync b sync
msync b len 2p sync
munmap b+1p len 1p
msync b len 3p sync
ioctl 0x104
== fadvise
open rw
a = mmap len 2p prot rw shared
madvise a willneed
ioctl 0x104
ioctl 0x102 95
madvise a willneed
madvise a+1p len 1p willneed
madvise a sequential
madvise a dontneed
madvise a remove
n = mmap len 1p prot rw private anonymous
madvise n willneed
ioctl 0x104
== flush
f = open rw
g = dup f
ioctl 0x103 9 of f
close f
ioctl 0x104 of g
fork child
in child: exit
ioctl 0x104 of g
close g
== map-sync
open rw
a = mmap len 1p prot rw shared_validate sync
b = mmap len 1p prot rw shared sync
c = mmap len 1p prot rw private sync
d = mmap len 1p prot rw shared_validate populate
write a 1
lseek 5
pread len 4
poll
~~ 3 0 shared rw f 1
@ two-minors
== small
open rw
a = mmap len 1p prot rw shared
read a len 5
ioctl 0xa001 0
ioctl 0xa002 0
b = mmap len 1p off 1p prot r shared
c = mmap len 2p prot r shared
munmap a
ioctl 0xa002 0
d = mmap len 1p prot r private
read d
== large
open rw
a = mmap len 4p off 16p prot rw shared
read a len 5
write a+3p 1
munmap a+1p len 2p
ioctl 0xa001 1
ioctl 0xa002 1
munmap a
ioctl 0xa001 1
munmap a+3p
ioctl 0xa002 1
b = mmap len 1p off 19p prot r shared
read b+3992
read b+4088
== private
open rw
a = mmap len 1p off 16p prot rw private
write a 3
b = mmap len 2p off 16p prot rw private
c = mmap len 1p prot rw private
write c "SMALL"
d = mmap len 1p prot r shared
read d len 5
read c len 5
fork child
in child: write c "tiny"
read c len 5
== moved
open rw
a = mmap len 3p off 17p prot rw shared
write a+1p 7
b = mremap a+1p old 1p len 1p maymove
ioctl 0xa001 1
read b
mremap a len 2p maymove
mremap b len 2p maymove
c = mremap b old 0 len 1p maymove
ioctl 0xa001 1
~~ 4 16 shared rw t 2
~~ 1 0 private rw t 1
@ vmap-user
== whole
open rw
a = mmap len 4p prot rw shared
read a+1p
write a 7
b = mmap len 2p off 2p prot rw private
read b
write b+1p 1
read a+3p
c = mmap len 5p prot r shared
d = mmap len 2p off 3p prot r shared
== kernel-only
open rw
a = mmap len 1p off 16p prot rw shared
b = mmap len 1p off 64p prot rw shared
c = mmap len 1p off 96p prot rw shared
d = mmap len 2p off 80p prot rw shared
read d
write d+1p 1
== middle
open rw
a = mmap len 2p off 144p prot rw shared
b = mmap len 3p off 144p prot rw shared
read b
c = mmap len 2p off 145p prot rw shared
read c
d = mmap len 1p off 160p prot rw shared
e = mmap len 1p off 128p prot r shared
~~ 4 0 shared rw v 2
~~ 2 2 private rw v 1
@ gup-own
== pages
open rw
a = mmap len 2p prot rw shared
ioctl 0x101 a
ioctl 0x102 a
ioctl 0x105 a+1p
ioctl 0x101 a+1p
read a len 1
ioctl 0x103 a
ioctl 0x102 a+2p
ioctl 0x104 a
ioctl 0x102 a
ioctl 0x101 a+1p
== pages-read-only
open rw
a = mmap len 2p prot r shared
ioctl 0x101 a
ioctl 0x102 a
b = mmap len 2p prot r private
ioctl 0x101 b
ioctl 0x102 b
c = mmap len 2p prot rw private
ioctl 0x102 c
ioctl 0x101 c
read c len 1
read a len 1
== pfns
open rw
a = mmap len 3p off 16p prot rw shared
ioctl 0x102 a
ioctl 0x101 a
ioctl 0x105 a
ioctl 0x105 a+2p
ioctl 0x103 a
read a
ioctl 0x102 a
== mixed
open rw
a = mmap len 2p off 32p prot rw shared
ioctl 0x101 a
ioctl 0x102 a
ioctl 0x103 a
ioctl 0x101 a+2p
ioctl 0x104 a+1p
ioctl 0x105 a+1p
== mixed-pfns
open rw
a = mmap len 2p off 48p prot rw shared
ioctl 0x101 a
read a
ioctl 0x102 a
ioctl 0x103 a+1p
write a+1p 5
b = mmap len 1p off 64p prot r shared
== anonymous
open rw
n = mmap len 2p prot rw private anonymous
ioctl 0x102 n
ioctl 0x101 n
read n len 1
ioctl 0x101 n
ioctl 0x103 n
mprotect n prot r
ioctl 0x101 n
ioctl 0x102 0
ioctl 0x105 0x10
fork child
in child: ioctl 0x102 n
in child: ioctl 0x104 n
in child: ioctl 0x103 n
ioctl 0x102 n
~~ 2 0 private rw g 1
~~ 2 32 shared rw g 2
~~ 2 16 shared rw g 1
@ folio-block
== faults
open rw
a = mmap len 4p prot rw shared
read a
write a+3p 4
ioctl 0x102
ioctl 0x103
ioctl 0x101
read a
read a+1p
ioctl 0x102
ioctl 0x103
munmap a len 2p
ioctl 0x102
== inserted
open rw
a = mmap len 4p off 16p prot rw shared
ioctl 0x102
read a+2p
b = mmap len 5p off 16p prot r shared
c = mmap len 2p off 16p prot rw private
write c 4
read c
read a
ioctl 0x102
ioctl 0x101
read a+1p
munmap a
read c+1p
== remapped
open rw
a = mmap len 5p off 32p prot rw shared
read a+3p
ioctl 0x103
read a+4p
b = mmap len 2p off 32p prot rw private
write b 1
read b+1p
== same
open rw
a = mmap len 3p off 48p prot rw shared
write a 5
read a+2p
ioctl 0x102
madvise a+1p len 1p dontneed
mremap a len 2p
ioctl 0x102
ioctl 0x103
== locked
open rw
a = mmap len 2p off 64p prot rw shared
read a
read a+1p by mem
b = mmap len 2p off 64p prot rw private
write b+1p 3
read a+1p
ioctl 0x102
~~ 4 0 shared rw o 2
~~ 4 0 private rw o 2
~~ 3 16 private rw o 1
@ memremap-window
== pfns
open rw
a = mmap len 5p prot rw shared
read a
write a+1p 9
read a+4p
read a by mem
read a+1p len 8 by syscall
== pages
open rw
a = mmap len 2p off 16p prot rw shared
read a
write a+1p 4
munmap a len 1p
b = mmap len 2p off 16p prot rw private
write b 6
read b+1p
madvise b dontneed
read b
== inserted
open rw
a = mmap len 3p off 32p prot rw shared
read a+2p
b = mmap len 2p off 32p prot rw private
read b
write b 1
fork child
in child: write b+1p 3
read b
read a
mincore a
== remapped
open rw
a = mmap len 4p off 48p prot rw shared
write a 1
b = mmap len 2p off 48p prot r shared
read b
c = mmap len 1p prot r shared
read c
d = mmap len 1p off 32p prot r shared
read d
== mixed
open rw
a = mmap len 3p off 64p prot rw shared
read a
write a 4
write a+2p 5
read a by direct
fork child
in child: read a
madvise a dontneed
read a
== iomap
open rw
a = mmap len 2p off 80p prot rw shared
b = mmap len 1p off 80p prot rw shared
c = mmap len 1p off 96p prot rw shared
read b
~~ 3 16 shared rw e 2
~~ 3 48 shared rw e 1
~~ 3 64 private rw e 1
@ write-notice
== vma-prot
open rw
a = mmap len 2p prot rw shared
read a
write a 1
write a+1p 2
ioctl 0x102
ioctl 0x101 0
write a 3
ioctl 0x102
== read-only
open rw
a = mmap len 2p off 16p prot rw shared
read a
write a 1
write a 2
write a+1p 2
ioctl 0x102
ioctl 0x101 16
write a 3
mprotect a prot r
mprotect a prot rw
write a+1p 1
ioctl 0x102
== read-only-debugger
open rw
a = mmap len 2p off 16p prot rw shared
read a by mem
read a
write a 1 by mem
write a+1p 1 by syscall
ioctl 0x102
fork child
in child: write a 7
in child: ioctl 0x102
read a
== mixed
open rw
a = mmap len 2p off 32p prot rw shared
read a
write a 1
write a+1p 2
ioctl 0x101 32
write a 3
ioctl 0x102
b = mmap len 2p off 32p prot rw private
read b
write b 1
read a
== by-flag
open rw
a = mmap len 2p off 48p prot rw shared
read a
write a 1
write a+1p 2
read a+1p
ioctl 0x102
madvise a dontneed
madvise a populate_write
madvise a len 1p populate_read
ioctl 0x102
== private-pfn
open rw
a = mmap len 2p off 48p prot r private
read a
b = mmap len 2p off 16p prot r private
mprotect b prot rw
read b
ioctl 0x102
~~ 2 16 shared rw z 3
~~ 2 32 private rw z 1
~~ 2 48 shared rw z 2
@ careless
== only-reference
open rw
a = mmap len 1p prot rw shared
read a
write a 3
== only-reference-twice
open rw
a = mmap len 2p prot rw shared
read a
== never-freed
open rw
a = mmap len 1p off 16p prot rw shared
read a
munmap a
b = mmap len 2p off 16p prot rw private
write b 1
read b+1p
== freed-under
open rw
a = mmap len 1p off 32p prot rw shared
write a 5
close
read a
munmap a
== fails-late
open rw
a = mmap len 1p off 48p prot rw shared
b = mmap len 1p off 48p prot rw private
c = mmap len 1p off 64p prot rw shared
read c
close
read c
== fresh-each
open rw
a = mmap len 2p off 80p prot rw shared
read a
read a+1p
madvise a dontneed
read a
fork child
in child: read a+1p
read a+1p
mremap a len 3p maymove
read a+2p
== fresh-private
open rw
a = mmap len 2p off 80p prot rw private
write a 1
read a
read a+1p
write a+1p 9
== leaked
open rw
a = mmap len 1p off 96p prot r shared
read a
madvise a dontneed
read a
munmap a
close
~~ 2 80 shared rw y 2
~~ 2 80 private rw y 1
~~ 1 64 shared rw y 1
@ large-fault
== aligned
open rw
a = mmap len 4M prot rw shared fixed at 0x40000000
read a
read a+1p
write a+2M 5
ioctl 0x101
read a+2p
read a+3M
ioctl 0x101
== bus
open rw
a = mmap len 4M off 1024p prot rw shared fixed at 0x40000000
read a
ioctl 0x101
munmap a len 1p
read a+1p
ioctl 0x101
read a+2M
== nothing-done
open rw
a = mmap len 2M off 2048p prot rw shared fixed at 0x40000000
read a+5p
ioctl 0x101
read a+6p
== small
open rw
a = mmap len 8p prot rw shared fixed at 0x40000000
read a
ioctl 0x101
b = mmap len 2M prot rw shared fixed at 0x50001000
read b+1M
c = mmap len 2M off 1p prot rw shared fixed at 0x60000000
read c
ioctl 0x101
== private
open rw
a = mmap len 2M prot rw private fixed at 0x40000000
write a 1
ioctl 0x101
read a+1p
ioctl 0x101
madvise a nohugepage
read a+2p
ioctl 0x101
== no-huge
open rw
a = mmap len 2M prot rw shared fixed at 0x40000000
madvise a nohugepage
read a
ioctl 0x101
madvise a hugepage
read a+1p
ioctl 0x101
madvise a dontneed
write a 1
ioctl 0x101
b = mmap len 2M off 16p prot rw shared fixed at 0x50000000
read b
ioctl 0x101
`);
