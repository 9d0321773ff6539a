/** Two buffers behind one mapping, a header and a body, and pages inserted in batches. Long because it is one list. */
import type { KernelScenario } from './scenario.ts';
import { scenariosOf } from './told.ts';

export const frameStories: readonly KernelScenario[] = scenariosOf(`
@ frame-swap
== swaps
open rw
a = mmap len 2p prot rw shared
read a
write a+1p 5
ioctl 0x101
read a
read a+1p
ioctl 0x103
ioctl 0x102
read a
read a+1p
ioctl 0x104
== swaps-pages
open rw
a = mmap len 3p off 8p prot rw shared
read a
read a+1p
ioctl 0x102
read a
read a+2p
madvise a dontneed
read a
ioctl 0x103
ioctl 0x101
read a+1p
mremap a len 2p
== private
open rw
a = mmap len 2p off 8p prot rw private
write a 1
read a+1p
ioctl 0x101
read a
read a+1p
fork child
in child: write a+1p 3
ioctl 0x101
in child: read a+1p
read a+1p
== private-pfn
open rw
a = mmap len 2p prot rw private
read a
b = mmap len 2p prot r private
read b
write b 1 by mem
mremap a len 3p maymove
c = mmap len 9p off 8p prot r shared
~~ 2 0 shared rw w 2
~~ 2 8 shared rw w 3
~~ 2 8 private rw w 2
@ guarded
== both
open rw
h = mmap len 1p prot r shared
b = mmap len 3p off 1p prot rw shared
read h+4
read b+1p len 6
write b 7
mprotect h prot rw
write h 1
munmap b+1p len 1p
read h+4
fork child
in child: read h+4
in child: munmap h
read h+4
in child: a = mmap len 1p prot r shared
== owner
f = open rw
fork child
in child: h = mmap len 1p prot r shared of f
b = mmap len 1p off 1p prot rw shared
in child: read h+8
in child: munmap h
c = mmap len 1p off 1p prot rw shared
h = mmap len 1p prot r private
read h+8
write h 1 by mem
== moves
open rw
h = mmap len 1p prot r shared
b = mmap len 2p off 2p prot rw shared
n = mmap len 16p prot none private anonymous
mremap h len 1p maymove fixed at n+2p
read h
mremap b len 2p maymove fixed at n+8p
read b len 6
read h+4
mremap b len 1p
read h+4
c = mremap b old 0 len 1p maymove
read h+4
== wrong
open rw
a = mmap len 2p prot r shared
b = mmap len 1p prot rw shared
c = mmap len 3p off 2p prot rw shared
d = mmap len 1p off 4p prot r shared
e = mmap len 1p prot rw private
g = mmap len 1p off 3p prot rw private
write g 5
fork child
in child: read g
~~ 3 1 shared rw g 3
~~ 1 0 shared r g 2
@ batch-insert
== whole
open rw
a = mmap len 6p prot rw shared
ioctl 0x101 9
read a+5p len 7
madvise a+2p len 2p dontneed
read a+2p len 7
read a+3p len 7
munmap a+1p len 1p
ioctl 0x101 9
== gives-up
open rw
ioctl 0x101 4
a = mmap len 6p prot rw shared
b = mmap len 4p prot rw shared
c = mmap len 5p off 1p prot r shared
ioctl 0x101 9
d = mmap len 1p off 6p prot r shared
e = mmap len 7p prot r shared
read b+3p len 7
== private
open rw
a = mmap len 5p off 1p prot rw private
write a 1
read a+1p len 7
madvise a dontneed
read a+1p len 7
read a len 7
fork child
in child: write a+1p 1
in child: read a+3p
read a+1p len 7
~~ 6 0 shared rw i 3
~~ 4 2 private rw i 3
`);
