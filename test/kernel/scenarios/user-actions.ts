/** What programs do with mappings, action by action, told of three plain drivers: pfns, pages inserted at once, pages that come by faults. */
import type { KernelScenario } from './scenario.ts';
import { scenariosOf } from './told.ts';

/** Told of each plain driver. Each maps 5 pages. */
const stories = `
== lengths
open rw
a = mmap len 0 prot rw shared
b = mmap len 1 prot rw shared
c = mmap len 4097 off 1p prot rw shared
d = mmap len 6p prot rw shared
e = mmap len 5p off 1p prot r private
f = mmap len 1p off 100 prot r shared
g = mmap len 1p off 0x7ffffffffffff000 prot r shared
write b 7 len 8
read c+1p
== addresses
open rw
n = mmap len 8p prot rw private anonymous
a = mmap len 2p prot rw shared at n+1p
b = mmap len 2p prot rw shared fixed_noreplace at n+2p
c = mmap len 2p prot rw shared fixed at n+2p
read c
write n+1p 1
read n+4p
d = mmap len 1p prot r private fixed at n+100
e = mmap len 1p prot r private at n+100
munmap n len 8p
read c
== hints
open rw
a = mmap len 1p prot rw shared hugetlb
b = mmap len 1p prot rw shared stack
c = mmap len 1p prot rw private growsdown
d = mmap len 1p prot rw private noreserve
e = mmap len 1p prot rw shared_validate
f = mmap len 1p prot rw shared_validate sync
g = mmap len 2p prot rw shared populate nonblock
h = mmap len 1p prot rw private locked
write e 1
write h 2
== populates
open rw
a = mmap len 3p prot rw shared populate
b = mmap len 3p prot rw private populate
c = mmap len 3p prot r private populate
d = mmap len 2p prot none shared populate
e = mmap len 2p off 4p prot rw shared populate
mincore a
read b
write c 1
== rights
open rw
a = mmap len 4p prot none shared
read a
mprotect a len 2p prot r
read a
write a 1
mprotect a+1p len 2p prot rw
write a+2p 2
mprotect a prot rx
exec a+2p
mprotect a len 100 prot w
write a 5
read a
mprotect a+1 len 1p prot r
mprotect a len 0 prot r
== rights-beyond
open rw
a = mmap len 3p prot rw private at 0x20000000
write a+1p 3
mprotect a len 9p prot r
read a+1p
mprotect a+2p len 1p prot rw
mprotect a prot rw
write a+1p 4
munmap a+1p len 1p
mprotect a prot r
mprotect a+2p len 1p prot none
read a+2p
== opened-read-only
f = open ro
a = mmap len 2p prot r shared of f
b = mmap len 2p prot rw shared of f
c = mmap len 2p prot rw private of f
d = mmap len 2p prot none shared of f
mprotect a prot rw
mprotect d prot w
mprotect d prot rx
write c 3
read d
write a 1 by mem
write a 1 by ptrace
g = open wo
e = mmap len 1p prot w shared of g
== shrinks-and-grows
open rw
a = mmap len 4p prot rw shared
write a+1p 9
mremap a len 2p
read a+1p
read a+3p
mremap a len 4p
mremap a len 4p maymove
read a+1p
mremap a len 2p
mremap a len 0
mremap a+100 len 1p
== moves
open rw
n = mmap len 16p prot none private anonymous
a = mmap len 4p prot rw shared
write a+2p 6
mremap a len 4p maymove fixed at n+2p
read a+2p
b = mremap a+2p old 1p len 1p maymove fixed at n+8p
read b
read a+2p
read a+3p
mremap a len 1p maymove fixed at n+9p
mremap b len 1p fixed at n+8p
== copies
open rw
a = mmap len 3p prot rw shared
write a 4
b = mremap a old 0 len 3p maymove
write b+1p 5
read a+1p
c = mmap len 3p prot rw private
d = mremap c old 0 len 3p maymove
e = mremap c len 3p maymove dontunmap
read e
read c
f = mremap a len 3p maymove dontunmap
read f+1p
read a+1p
== advises
open rw
a = mmap len 3p prot rw shared
write a 1
read a+1p
madvise a normal
madvise a random
madvise a sequential
madvise a willneed
madvise a dontneed
madvise a free
madvise a remove
madvise a dontfork
madvise a dofork
madvise a mergeable
madvise a unmergeable
madvise a hugepage
madvise a nohugepage
read a
== advises-more
open rw
a = mmap len 3p prot rw private
write a 1
read a+1p
madvise a dontdump
madvise a dodump
madvise a wipeonfork
madvise a keeponfork
madvise a cold
madvise a pageout
madvise a populate_read
madvise a populate_write
madvise a free
madvise a dontneed_locked
madvise a+1p len 9p normal
madvise a+1 normal
madvise a len 0 dontneed
read a
read a+1p
== locks
open rw
a = mmap len 3p prot rw shared at 0x20000000
mlock a+1p len 1p
mlock a onfault
munlock a+1p len 1
mlock a+4p len 1p
mlockall current
read a+2p
madvise a dontneed
madvise a dontneed_locked
munlockall
mlockall future
b = mmap len 2p prot rw private
write b 3
munlock b
mlockall onfault
== syncs
open rw
a = mmap len 3p prot rw shared
write a 1
msync a sync
msync a async
msync a invalidate
msync a sync async
msync a+1 sync
msync a len 9p sync
mlock a
msync a invalidate
msync a sync invalidate
mincore a
mincore a+1
remap_file_pages a len 1p off 2p
read a
== forks
open rw
a = mmap len 2p prot rw shared
b = mmap len 2p prot rw private
write a 1
write b 2
read b+1p
fork child
in child: write a 3
in child: write b 4
in child: write b+1p 5
read a
read b
write b+1p 6
in child: read b+1p
in child: munmap a
fork second
in second: read a
in child: exit
== forks-advised
open rw
a = mmap len 3p prot rw shared
madvise a+1p len 1p dontfork
write a+1p 2
fork child
in child: read a
in child: read a+1p
in child: read a+2p
in child: c = mmap len 1p prot rw shared
madvise a+1p len 1p dofork
fork third
in third: read a+1p
== reached
open rw
a = mmap len 5p prot rw shared
write a 0x1111
read a by mem
read a by ptrace
read a by process_vm
read a by direct
read a by syscall
write a 0x2222 by mem
write a+1p 0x3333 by ptrace
write a+2p 0x4444 by process_vm
write a+3p 0x5555 by direct
write a+4p 0x6666 by syscall
read a+1p
read a+3p
== reached-private
open rw
b = mmap len 5p prot r private
read b by mem
write b 0x2222 by mem
write b+1p 0x3333 by ptrace
write b+2p 0x4444 by process_vm
read b by process_vm
mprotect b prot rw
write b+3p 0x5555 by direct
read b+3p by direct
write b+4p 0x6666 by syscall
read b
== across
open rw
a = mmap len 2p prot rw shared
b = mmap len 1p prot r shared
read a+4092 len 8
read a+2p-4 len 8 by process_vm
read a+4092 len 100 by mem
read a len 2p by syscall
write a+4090 len 12
write b-2 len 4
p = pin a len 2p write
munmap a
unpin p
== exits
f = open rw
a = mmap len 2p prot rw shared of f
g = dup f
close f
read a
close g
write a 1
fork child
munmap a
in child: read a
exit
in child: write a+1p 2
in child: rmmod
== ends
open rw
a = mmap len 5p prot rw shared
munmap a len 1p
munmap a+4p len 1p
munmap a+2p len 1p
read a+1p
read a+2p
munmap a+100 len 1p
munmap a len 0
munmap a+1p len 100
read a+1p
rmmod
close
rmmod
== joins
open rw
a = mmap len 1p prot rw shared at 0x20000000
b = mmap len 1p off 1p prot rw shared fixed at a+1p
c = mmap len 1p off 2p prot rw shared fixed at a+2p
read b
munmap b
d = mmap len 1p off 1p prot rw shared fixed at a+1p
mprotect a len 3p prot r
mprotect d len 1p prot rw
mprotect d len 1p prot r
read c
`;

const ofBuffers = `
== buffer
f = open rw
a = mmap len 5p prot rw shared of f
pwrite "abcdef" off 4094 of f
read a+4094 len 6
pread len 8 off 4092 of f
pwrite from a len 10 off 8192 of f
pread len 1p off 2p into a+3p of f
read a+3p len 8
pread len 1p off 5p of f
pwrite "z" off 20480 of f
pread len 2p off 4p into a of f
pread len 16 into a+5p of f
`;

const plain = ['plain-remap', 'plain-insert', 'plain-fault'];

export const userActions: readonly KernelScenario[] = scenariosOf(`
${plain.map((module) => `@ ${module}\n${stories}${module === 'plain-insert' ? '' : ofBuffers}`).join('')}
@ flagger
${[
  [0x2000, 0],
  [0x20000, 0],
  [0x40000, 0],
  [0x80, 0],
  [0, 0x20],
  [0, 0x1],
  [0, 0x6],
  [0x100000, 0],
  [0x200000, 0],
  [0x2000000, 0],
  [0x80000000, 0],
  [0x1000000, 0],
  [0x10000, 0x4],
  [0x8000, 0x10],
]
  .map(
    ([set = 0, clear = 0], index) => `
== flags-${index}
open rw
ioctl 0x101 ${set}
ioctl 0x102 ${clear}
a = mmap len 2p prot rw shared
b = mmap len 2p off 1p prot rw shared
c = mmap len 2p off 1p prot r private
write a 1
read b+1p
write b 2
read c
mprotect c prot rw
write c 3
fork child
in child: read b
in child: read c
mprotect b len 1p prot r
mremap b len 1p
madvise c dontneed
msync a sync
read c`,
  )
  .join('')}
@ odd-window
== whole
open rw
a = mmap len 0x2200 prot rw shared
b = mmap len 3p prot rw shared
c = mmap len 4p prot rw shared
d = mmap len 2p off 1p prot r shared
e = mmap len 1p off 3p prot r shared
write b+2p 5
read d+1p
f = mmap len 1p prot rw private
write f 3
g = mmap len 3p prot rw private
write g 3
== ends-in-page
open rw
ioctl 0x102 0xf00
a = mmap len 1p prot rw shared
ioctl 0x102 0xf01
b = mmap len 2p prot rw shared
c = mmap len 3p prot rw shared
ioctl 0x102 0
d = mmap len 1p prot rw shared
ioctl 0x101 0xfff
ioctl 0x102 2
e = mmap len 2p prot rw shared
f = mmap len 1p off 1p prot rw shared
g = mmap len 1p off 2p prot rw shared
== wraps
open rw
ioctl 0x102 0xffffffffffffffff
a = mmap len 1p prot rw shared
ioctl 0x102 0xffffffffe7f00000
b = mmap len 1p prot rw shared
ioctl 0x101 0
ioctl 0x102 1
c = mmap len 1p prot rw shared
d = mmap len 1p off 1p prot rw shared
write c 4
read c by mem
@ mkwrite-plain
== asks
open rw
a = mmap len 4p prot rw shared
read a
write a 1
write a+1p 2
read a+2p
write a+2p 3
write a+3p 4
ioctl 0x101 1
mprotect a prot r
mprotect a prot rw
write a 5
write a+2p 6
read a
== refuses
open rw
ioctl 0x101 1
a = mmap len 4p prot rw shared
write a 1
write a+2p 1
read a
read a+3p
write a 1 by mem
write a+2p 1 by mem
pread len 4 into a
p = pin a len 4p write
q = pin a len 2p
unpin q
madvise a populate_write
madvise a populate_read
== private
open rw
ioctl 0x101 1
a = mmap len 4p prot rw private
write a 1
read a+1p
write a+1p 2
write a+2p 3
read a+3p
write a+3p 4
fork child
in child: write a 9
in child: read a+3p
madvise a dontneed
read a+2p
== others
open rw
a = mmap len 4p prot rw shared
fork child
in child: write a 1
in child: write a+2p 2
read a
write a 3
write a+2p 3
madvise a dontneed
write a 4
write a+3p 4
mremap a len 5p maymove
mremap a len 3p
msync a sync
`);
