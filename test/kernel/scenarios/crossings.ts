/** Every mapping call with every memory, drivers that check themselves, and what they do on behalf of programs. Long because it is one list. */
import type { KernelScenario } from './scenario.ts';
import { scenariosOf } from './told.ts';

/** A mapping call of crossing.c with a kind of memory, in a shared and a private mapping. */
function crossed(call: number, memory: number): string {
  return `
== call${call}-memory${memory}
open rw
ioctl 0x101 ${call}
ioctl 0x102 ${memory}
a = mmap len 4p prot rw shared
read a+1p
write a+2p 5
read a+2p by process_vm
fork child
in child: read a+2p
b = mmap len 3p off 1p prot rw private
read b
write b+1p 7
madvise b dontneed
read b+1p
munmap a+1p len 1p`;
}

/** What lies behind one page of vmalloc memory is somebody else's, so calls with one pfn for all pages are not asked with it. */
const isScattered = (call: number, memory: number) => call < 3 && (memory === 3 || memory === 4);

const memories = [0, 1, 2, 3, 4, 5];
const crossings = Array.from({ length: 11 }, (_, call) => call).flatMap((call) =>
  memories.filter((memory) => ((call + memory) % 3 === 0 || call > 8) && !isScattered(call, memory)).map((memory) => crossed(call, memory)),
);

export const crossingStories: readonly KernelScenario[] = scenariosOf(`
@ crossing
${crossings.join('')}
== asked-for-more
open rw
ioctl 0x101 4
ioctl 0x104 3
a = mmap len 2p prot rw shared
ioctl 0x101 0
b = mmap len 5p prot r private
c = mmap len 3p prot rw private
== flagged-pfnmap
open rw
ioctl 0x103 0x400
ioctl 0x101 3
a = mmap len 1p prot rw shared
ioctl 0x101 7
b = mmap len 2p prot rw shared
read b
mprotect b prot r
write b 1
mprotect b prot none
read b
== flagged-mixed
open rw
ioctl 0x103 0x10000000
ioctl 0x101 9
a = mmap len 4p prot rw shared
write a 1
ioctl 0x102 1
b = mmap len 2p prot rw private
write b 2
read b
ioctl 0x101 0
c = mmap len 4p prot r shared
read c+3p
== flagged-io
open rw
ioctl 0x103 0x4000
ioctl 0x101 6
a = mmap len 3p off 2p prot rw shared
read a by mem
read a by ptrace
mlock a
mremap a len 4p maymove
madvise a dontneed
@ ledger
== grows
open rw
a = mmap len 4p prot r shared
read a
pwrite "first"
read a len 5
ioctl 0x101
ioctl 0x102
munmap a
ioctl 0x102
poll
== pages
open rw
pwrite { zero 4090, "abcdefghij" }
a = mmap len 3p prot r shared
read a+4090 len 10
read a+2p
munmap a+1p len 1p
ioctl 0x101
fork child
ioctl 0x101
in child: exit
ioctl 0x101
== read-only
open rw
pwrite "x"
a = mmap len 1p prot r shared
mprotect a prot rw
write a 1
write a 1 by mem
write a 1 by ptrace
b = mmap len 1p prot rw shared
c = mmap len 1p prot r private
mprotect c prot rw
write c 1 by mem
== emptied
open rw
n = mmap len 2p prot rw private anonymous
pwrite from n len 2p
a = mmap len 2p prot r shared populate
read a+1p
ioctl 0x103 4096
read a
read a+1p
madvise a populate_read
mremap a len 3p maymove
close
read a+100
== bounds
open rw
a = mmap len 7p prot r shared
b = mmap len 6p off 1p prot r shared
c = mmap len 1p off 5p prot r shared
d = mmap len 6p prot rx shared
pwrite from d len 10
pwrite "z"
pwrite from d len 1
read d len 3
e = mmap len 1p prot none private
read e
mprotect e prot r
read e
== write-only
f = open wo
pwrite "a" of f
a = mmap len 1p prot r shared of f
g = open ro
b = mmap len 1p prot r shared of g
read b
pwrite "b" of g
mincore b
msync b sync
exec b
@ complains
== warns
open rw
ioctl 0x101 1
a = mmap len 2p prot rw shared
read a
ioctl 0x102
munmap a+1p len 1p
== once
open rw
ioctl 0x101 2
a = mmap len 1p prot rw shared
b = mmap len 1p off 1p prot rw shared
c = mmap len 1p prot rw shared
read a
read b
ioctl 0x102
== bug
open rw
ioctl 0x101 3
a = mmap len 1p prot rw shared
read a
b = mmap len 1p off 1p prot r shared
ioctl 0x102
== bug-in-fault
open rw
a = mmap len 1p prot rw shared
b = mmap len 1p off 1p prot r shared
ioctl 0x101 3
read a
== null
open rw
a = mmap len 1p prot rw shared
ioctl 0x101 4
read a
== count
open rw
ioctl 0x101 5
a = mmap len 2p prot rw shared
read a
read a+1p
ioctl 0x102
munmap a
ioctl 0x102
== beyond
open rw
a = mmap len 4p prot rw shared
read a+2p
read a+3p
ioctl 0x103 3
ioctl 0x103 1
mremap a len 1p
== twice-closed
open rw
a = mmap len 2p prot rw private
write a 1
fork child
in child: munmap a
n = mmap len 4p prot none private anonymous
mremap a len 2p maymove fixed at n
read a
ioctl 0x103 2
@ dirty-log
== logs
open rw
a = mmap len 8p prot rw shared
write a 1
read a+1p
write a+1p 1
read a+2p
ioctl 0x103
ioctl 0x101
read a
write a+3p 1
ioctl 0x101
ioctl 0x101
== stopped
open rw
a = mmap len 4p prot rw shared
read a
ioctl 0x102 1
write a 1
write a+1p 1
pread len 1p into a
write a 1 by mem
ioctl 0x102 0
write a 1
ioctl 0x103
== protected
open rw
a = mmap len 4p prot r shared
read a
write a 1
mprotect a prot rw
write a 2
mprotect a prot r
mprotect a prot rw
write a 3
ioctl 0x103
b = mmap len 4p prot rw private
== read-only-file
f = open ro
a = mmap len 2p prot r shared of f
b = mmap len 2p prot r private of f
read a
mprotect a prot rw
fork child
in child: read a+1p
in child: exit
ioctl 0x103
== populated
open rw
a = mmap len 3p prot rw shared populate
ioctl 0x103
read a by direct
write a+1p 3 by direct
p = pin a+2p write
ioctl 0x101
unpin p
madvise a populate_write
madvise a cold
msync a sync
== two-files
f = open rw
g = open rw
a = mmap len 2p prot rw shared of f
b = mmap len 2p prot rw shared of g
write a 1
write b+1p 1
ioctl 0x101 of f
ioctl 0x101 of g
read b+1p
write a 2
close f
munmap a
== forked
open rw
a = mmap len 3p prot rw shared
write a 1
fork child
in child: read a
in child: write a+1p 2
ioctl 0x103
ioctl 0x101
in child: write a+2p 2
in child: exit
write a 9
ioctl 0x101
@ relocator
== zaps
open rw
a = mmap len 4p prot rw shared
write a+1p 4
ioctl 0x101
read a+1p
ioctl 0x102
read a+1p
ioctl 0x102
== moved
open rw
a = mmap len 4p prot rw shared
n = mmap len 8p prot none private anonymous
mremap a len 4p maymove fixed at n+1p
ioctl 0x101
read a
ioctl 0x102
write a+3p 1
mremap a len 2p
ioctl 0x101
== refused
open rw
a = mmap len 2p prot rw shared
write a 8
ioctl 0x103 1
n = mmap len 8p prot none private anonymous
mremap a len 2p maymove fixed at n+2p
read a
ioctl 0x101
read a
ioctl 0x103 0
mremap a len 2p maymove fixed at n+2p
read a
== part
open rw
a = mmap len 4p prot rw shared
n = mmap len 8p prot none private anonymous
b = mremap a+2p old 2p len 2p maymove fixed at n
ioctl 0x101
read b
read a
munmap a len 1p
ioctl 0x102
== cut
open rw
a = mmap len 4p prot rw shared
munmap a len 1p
ioctl 0x101
b = mmap len 1p prot rw shared
munmap a+1p len 3p
c = mmap len 1p prot rw shared
read c
== busy
open rw
a = mmap len 1p prot rw private
b = mmap len 1p prot rw private
write a 5
ioctl 0x101
read a
munmap a
b = mmap len 5p prot r shared
c = mmap len 1p off 1p prot r shared
fork child
in child: read a
@ lender
== borrowed
f = open rw
a = mmap len 1p prot rw shared of f
ioctl 0x101 of f
a = mmap len 1p prot rw shared of f
read a
ioctl 0x103 of f
ioctl 0x104 of f
g = open rw
ioctl 0x101 of g
b = mmap len 1p off 2p prot r private of g
read b
ioctl 0x103 of g
== given-back
f = open rw
ioctl 0x101 of f
a = mmap len 1p prot rw shared of f
write a 0x77
ioctl 0x102 of f
read a
ioctl 0x103 of f
ioctl 0x101 of f
b = mmap len 1p prot rw shared of f
read b
== shared-loan
f = open rw
ioctl 0x101 of f
a = mmap len 2p off 1p prot rw shared of f
read a+1p
fork child
ioctl 0x103 of f
ioctl 0x104 of f
in child: munmap a
ioctl 0x104 of f
g = dup f
close f
ioctl 0x103 of g
== kept
f = open rw
ioctl 0x101 of f
a = mmap len 1p prot rw shared of f
close f
g = open rw
ioctl 0x101 of g
ioctl 0x101 of g
b = mmap len 1p off 1p prot rw private of g
write b 1
ioctl 0x103 of g
ioctl 0x104 of g
read a
== too-long
f = open rw
ioctl 0x101 of f
a = mmap len 2p prot rw shared of f
b = mmap len 1p off 3p prot rw shared of f
c = mmap len 3p off 2p prot rw shared of f
read c
read c+1p
madvise c dontneed
read c
ioctl 0x104 of f
@ half-and-half
== halves
open rw
a = mmap len 5p prot rw shared
read a
write a+1p 1
write a+2p 2
read a+2p
write a+3p 1
read a+3p
write a+4p 1
pread len 8
== later-write
open rw
a = mmap len 3p off 1p prot rw shared
read a
write a 7
read a+2p
write a+2p 8
pread len 4
mprotect a prot r
mprotect a prot rw
write a 9
write a+1p 1
pread len 4 off 0
== debugged
open rw
a = mmap len 6p prot rw shared
read a by mem
write a+8 0x55 by mem
read a+8
read a+5p by mem
write a+1p 6 by ptrace
read a+1p
read a+1p by process_vm
read a+2p by direct
read a+4 by syscall
== outside
open rw
a = mmap len 2p off 4p prot rw shared
read a
read a+1p
madvise a dontneed
mlock a
msync a sync
munmap a len 1p
fork child
in child: read a+1p
== refused
open rw
a = mmap len 2p prot rw private
f = open ro
b = mmap len 2p prot r private of f
c = mmap len 2p off 1p prot r shared of f
read c
mprotect c prot rw
write c 1 by mem
read c by mem
== moves
open rw
a = mmap len 3p prot rw shared
n = mmap len 8p prot none private anonymous
write a+1p 5
mremap a len 3p maymove fixed at n
read a+1p
read a
mremap a len 2p
mremap a len 4p maymove
b = mremap a+1p old 1p len 1p maymove fixed at n+6p
read b
@ on-behalf
== made
open rw
ioctl 0x101 0x2000
ioctl 0x105
ioctl 0x103 0x99
a = mmap len 1p prot r shared
read a
ioctl 0x102 0x1000
ioctl 0x105
ioctl 0x103 1
ioctl 0x102 0x1000
== wrong
open rw
ioctl 0x101 0
ioctl 0x101 0x4000
ioctl 0x101 0x1001
ioctl 0x105
ioctl 0x101 0x1000
ioctl 0x102 0
ioctl 0x102 0x2000
ioctl 0x102 0x2000
== found
open rw
a = mmap len 2p prot rw shared
ioctl 0x104 a
ioctl 0x104 a+1p
ioctl 0x104 a+2p
g = open rw
ioctl 0x104 a of g
munmap a len 1p
ioctl 0x104 a
ioctl 0x105 a+1p
== read-only
f = open ro
ioctl 0x101 0x1000 of f
g = open rw
ioctl 0x101 0x1000 of g
ioctl 0x103 5 of g
b = mmap len 1p prot r private of f
read b
mprotect b prot rw
write b 6
ioctl 0x103 7 of g
read b
== forked
open rw
ioctl 0x101 0x3000
fork child
in child: ioctl 0x105
in child: ioctl 0x102 0x1000
ioctl 0x105
in child: ioctl 0x101 0x1000
in child: exit
ioctl 0x102 0x3000
@ guard-pages
== guards
open rw
a = mmap len 8p prot rw shared
read a
read a
read a+1p
write a+2p 3
read a+3p
read a+5p
read a+4p
== splits
open rw
a = mmap len 8p prot rw shared
munmap a len 1p
munmap a+1p len 1p
munmap a+2p len 2p
munmap a+4p len 1p
mprotect a+4p len 4p prot r
mprotect a+1p len 1p prot r
madvise a+6p len 2p dontfork
mremap a len 1p
== protected
open rw
a = mmap len 4p prot rw shared
mprotect a prot rx
mprotect a prot r
write a+1p 1
mprotect a+2p len 1p prot none
b = mmap len 4p off 4p prot rx shared
c = mmap len 4p off 4p prot rw private
write c+1p 5
read c+2p
fork child
in child: write c+1p 6
read c+1p
== offsets
open rw
a = mmap len 2p off 1p prot rw shared
b = mmap len 3p off 8p prot rw shared
read b+1p
c = mmap len 3p off 12p prot rw shared
read c+1p
read c by mem
read c by mem
read b+2p by process_vm
p = pin b+1p len 2p write
unpin p
== transfers
open rw
a = mmap len 4p prot rw shared
read a+1p-4 len 8 by syscall
read a+1p len 8 by mem
read a+2p+4090 len 10 by mem
write a+1p 7 by direct
read a+1p len 2p by process_vm
madvise a populate_read
madvise a+1p len 2p populate_write
mlock a
munlock a
@ own-view
== ways
open rw
a = mmap len 3p prot rw shared
ioctl 0x101 a
ioctl 0x102 a
ioctl 0x103 a
ioctl 0x104 a+1p
ioctl 0x105 a+2p
ioctl 0x104 a+2p
ioctl 0x105 a+2p
== pfns
open rw
a = mmap len 3p off 4p prot rw shared
ioctl 0x101 a
ioctl 0x102 a
ioctl 0x103 a
ioctl 0x105 a
ioctl 0x104 a
ioctl 0x105 a
ioctl 0x101 a
== private
open rw
a = mmap len 3p prot rw private
ioctl 0x101 a
ioctl 0x102 a
read a
ioctl 0x102 a+1p
fork child
in child: ioctl 0x102 a
ioctl 0x101 a
== read-only
open rw
a = mmap len 4p prot r shared
ioctl 0x102 a
ioctl 0x101 a+3p
ioctl 0x104 a+3p
ioctl 0x103 a+3p
mprotect a prot none
ioctl 0x101 a
ioctl 0x103 a
ioctl 0x104 a
== others
open rw
n = mmap len 2p prot rw private anonymous
ioctl 0x101 n
ioctl 0x102 n
ioctl 0x105 n+1p
ioctl 0x104 n+1p+4092
munmap n len 1p
ioctl 0x101 n
ioctl 0x104 n
ioctl 0x103 n+1p-2
`);
