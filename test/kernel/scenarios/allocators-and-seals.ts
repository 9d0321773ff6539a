/** Memory of rarer allocators, and vmas that change after they were mapped. Long because it is one list. */
import type { KernelScenario } from './scenario.ts';
import { scenariosOf } from './told.ts';

export const allocatorStories: readonly KernelScenario[] = scenariosOf(`
@ many-allocators
== first-pages
open rw
a = mmap len 8p prot rw shared
read a
read a+1p
read a+2p
read a+3p
read a+4p
write a+5p 5
read a+6p
== rest
open rw
a = mmap len 6p off 6p prot rw shared
read a
read a+1p
read a+2p
read a+3p
write a+4p 3
read a+5p
munmap a+3p
== second-of-pair
open rw
a = mmap len 1p off 1p prot rw shared
read a
munmap a
== split-half
open rw
a = mmap len 1p off 10p prot rw private
read a
write a 1
b = mmap len 1p off 10p prot rw shared
read b
== bulk
open rw
a = mmap len 1p off 4p prot rw shared
write a 6
fork child
in child: write a 7
read a
in child: munmap a
madvise a dontneed
read a
== remapped
open rw
a = mmap len 1p off 32p prot rw shared
b = mmap len 1p off 33p prot rw shared
c = mmap len 1p off 34p prot r shared
d = mmap len 1p off 38p prot rw shared
e = mmap len 1p off 42p prot rw shared
f = mmap len 1p off 43p prot rw shared
read a
read b
read c
read d
read e
== remapped-private
open rw
a = mmap len 1p off 35p prot rw private
read a
write a 2
read a
b = mmap len 1p off 39p prot r private
read b
c = mmap len 1p off 40p prot r shared
~~ 2 9 shared rw c 1
~~ 1 6 private rw c 1
@ sealed
== seals
open rw
pwrite "abcd"
a = mmap len 3p prot rw shared
write a+4 1
ioctl 0x102
ioctl 0x101 1
ioctl 0x101 0
read a
write a 2
read a+1p
ioctl 0x102
pwrite "x"
== after-seal
open rw
ioctl 0x101 1
a = mmap len 3p prot rw shared
b = mmap len 3p prot r shared
mprotect b prot rw
c = mmap len 3p prot rw private
write c 1
write c+2p 1
read b
d = open rw
ioctl 0x103
e = mmap len 1p prot rw shared
write e 9
read b
read c
mprotect b prot rw
== writers
open rw
a = mmap len 2p prot rw shared
ioctl 0x101 1
mprotect a+1p len 1p prot r
ioctl 0x101 1
munmap a
ioctl 0x101 1
== writers-by-mprotect
open rw
a = mmap len 2p prot r shared
mprotect a prot rw
write a 1
munmap a
ioctl 0x101 1
== debugger
open rw
a = mmap len 3p prot r shared
write a 5 by mem
ioctl 0x101 0
write a 6 by mem
write a 6 by ptrace
read a by mem
b = mmap len 1p prot r private
write b 7 by mem
read b
read a
== read-then-write
open rw
a = mmap len 3p prot rw shared
read a
write a 1
write a+1p 1
fork child
in child: ioctl 0x101 0
write a 2
in child: read a
in child: ioctl 0x103
write a+1p 3
in child: read a+1p
== written-by-mapping
open rw
a = mmap len 3p prot rw shared
write a+100 "from the mapping"
pwrite from a+100 len 16 off 4090
read a+4090 len 16
pwrite "end" off 12280
pwrite "none" off 12288
ioctl 0x102
~~ 3 0 shared rw s 3
~~ 3 0 private rw s 1
@ vma-later
== io
open rw
a = mmap len 4p prot rw shared
read a
ioctl 0x101 0x4000
read a+1p
read a+1p by mem
madvise a dontneed
mlock a
ioctl 0x107
== no-write
open rw
a = mmap len 4p prot rw shared
write a 1
ioctl 0x102 0x2
write a 2
write a+1p 2
read a
ioctl 0x103
mprotect a prot rw
write a+1p 3
== no-maywrite
open rw
a = mmap len 4p prot r shared
ioctl 0x102 0x20
mprotect a prot rw
write a 5 by mem
ioctl 0x102 0x10
mprotect a prot none
mprotect a prot r
== prot
open rw
a = mmap len 4p prot rw shared
read a
ioctl 0x104
read a+1p
mprotect a prot r
mprotect a prot rw
write a+2p 1
ioctl 0x103
write a+3p 1
== prot-pfn
open rw
a = mmap len 4p off 16p prot rw shared
read a
ioctl 0x104
read a+1p
ioctl 0x106
write a 1
== no-ops
open rw
a = mmap len 4p prot rw shared
read a
ioctl 0x105
read a
read a+1p
ioctl 0x106
read a
fork child
in child: read a
== no-ops-private
open rw
a = mmap len 4p prot rw private
read a
write a 1
ioctl 0x105
read a+1p
write a+2p 7
ioctl 0x106
read a
write a 3
== dontcopy
open rw
a = mmap len 4p prot rw shared
write a 1
ioctl 0x101 0x20000
fork child
in child: read a
ioctl 0x102 0x20000
fork second
in second: read a
ioctl 0x101 0x40000
mremap a len 6p maymove
mremap a len 2p
== locked
open rw
a = mmap len 4p prot rw shared
read a
ioctl 0x101 0x2000
read a+1p
munlock a
ioctl 0x107
madvise a dontneed
munmap a len 2p
ioctl 0x107
== pfnmap-late
open rw
a = mmap len 4p prot rw shared
read a
ioctl 0x101 0x400
read a+1p
munmap a
== shared-off
open rw
a = mmap len 4p prot rw shared
write a 1
ioctl 0x102 0x8
write a+1p 2
fork child
in child: write a 3
read a
ioctl 0x107
~~ 4 0 shared rw l 2
~~ 4 16 shared rw l 2
@ offset-cookie
== kinds
open rw
a = mmap len 4p off 256p prot rw shared
b = mmap len 4p off 512p prot rw shared
c = mmap len 4p off 768p prot rw shared
read a+1p len 4
write b+1p 5
read c+1p
ioctl 0x103
d = mmap len 1p off 1024p prot r shared
e = mmap len 4p off 257p prot r shared
f = mmap len 3p off 513p prot r shared
read f len 4
== by-cookie
open rw
a = mmap len 4p off 256p prot rw shared
read a
read a+1p
ioctl 0x101 1
read a
ioctl 0x101 0
read a
ioctl 0x102 1
read a+1p
== by-offset
open rw
a = mmap len 2p off 514p prot rw shared
b = mmap len 4p off 768p prot rw shared
write a 1
ioctl 0x102 2
read a
ioctl 0x102 3
read a+1p
read b+2p
read b+3p
read b
== split
open rw
a = mmap len 4p off 256p prot rw shared
munmap a+1p len 1p
read a+2p len 4
read a+3p len 4
ioctl 0x103
fork child
ioctl 0x103
in child: mremap a+2p old 2p len 1p
in child: exit
ioctl 0x103
== moved
open rw
a = mmap len 3p off 257p prot rw shared
read a
b = mremap a+1p old 2p len 2p maymove
read b
read b+1p
c = mremap a old 0 len 2p maymove
read c+1p
ioctl 0x103
munmap b
ioctl 0x103
== private
open rw
a = mmap len 3p off 513p prot rw private
write a 1
ioctl 0x102 1
read a
read a+1p
ioctl 0x102 2
read a+1p
b = mmap len 3p off 769p prot rw private
write b 1
c = mmap len 4p off 768p prot rw private
~~ 4 256 shared rw o 3
~~ 4 512 shared rw o 2
~~ 3 768 shared rw o 1
@ private-only
== copies
open rw
a = mmap len 5p prot rw private
read a len 6
write a+5 "9"
read a+5 len 1
ioctl 0x101 0
read a len 6
ioctl 0x101 1
read a+1p len 6
ioctl 0x102 a
write a+4p 1
read a+4p
== refusals
f = open wo
g = open ro
a = mmap len 1p prot r shared of g
b = mmap len 1p prot rw private of g
c = mmap len 1p prot rx private of g
write b 1
mprotect b prot rx
mprotect b prot none
read b
d = mmap len 1p prot r private of g
mprotect d prot rw
write d 2
== inserted
open ro
a = mmap len 4p off 1p prot rw private
write a 1
read a+3p len 6
ioctl 0x101 2
read a+1p len 6
write a+3p 2
b = mmap len 6p off 1p prot rw private
read b+3p len 6
read b+4p
madvise a dontneed
read a len 6
read a+3p len 6
== forked
open ro
a = mmap len 5p prot rw private
write a+1p 1
read a+2p
fork child
in child: read a+1p
in child: write a+2p 5
in child: ioctl 0x101 3
in child: read a+3p
read a+2p
write a+1p 3
in child: read a+1p
== pinned
open ro
a = mmap len 2p prot rw private
p = pin a write
write a 5
fork child
write a 6
in child: read a
unpin p
read a
q = pin a+1p len 1p
ioctl 0x101 1
write a+1p 1
unpin q
== by-ways
open ro
a = mmap len 5p prot r private
read a by mem
write a 5 by mem
read a
write a+4p 5 by mem
write a+1p 2 by ptrace
write a+2p 2 by process_vm
mprotect a prot rw
write a+2p 2 by process_vm
write a+3p 3 by direct
read a+3p
~~ 5 0 private rw p 3
~~ 4 1 private rw p 3
`);
