/** Mappings that are made in steps, banks, objects behind fake offsets, marks of pages, and operations that change. Long because it is one list. */
import type { KernelScenario } from './scenario.ts';
import { scenariosOf } from './told.ts';

export const stepStories: readonly KernelScenario[] = scenariosOf(`
@ follows
== remapped
open rw
a = mmap len 4p prot rw shared
ioctl 0x101 a
ioctl 0x101 a+3p+5
ioctl 0x102 a
mprotect a+1p len 1p prot r
ioctl 0x102 a+1p
mprotect a+2p len 1p prot none
ioctl 0x101 a+2p
ioctl 0x102 a+2p
munmap a
ioctl 0x101 a
== faulted
open rw
a = mmap len 5p off 1p prot rw shared
ioctl 0x101 a
read a+1p
ioctl 0x101 a+1p
ioctl 0x102 a+1p
write a+2p 1
ioctl 0x102 a+2p
read a+4p
fork child
in child: ioctl 0x101 a+1p
in child: ioctl 0x101 a
== pages
open rw
a = mmap len 2p off 4p prot rw shared
read a
ioctl 0x101 a
n = mmap len 1p prot rw private anonymous
write n 1
ioctl 0x101 n
b = mmap len 2p off 2p prot r shared
ioctl 0x102 b
== private
open rw
a = mmap len 4p prot rw private
ioctl 0x101 a
ioctl 0x102 a
write a+1p 5
ioctl 0x102 a+1p
read a+1p
b = mmap len 4p prot r private
ioctl 0x101 b+2p
ioctl 0x102 b+2p
@ steps
== works
open rw
a = mmap len 4p prot rw shared
write a+3p 3
ioctl 0x103
munmap a+1p len 1p
ioctl 0x103
fork child
munmap a len 4p
ioctl 0x103
in child: read a+3p
in child: exit
ioctl 0x103
== fails
open rw
ioctl 0x101 1
a = mmap len 4p prot rw shared
ioctl 0x101 2
a = mmap len 4p prot rw shared
ioctl 0x101 3
a = mmap len 4p prot rw shared
ioctl 0x101 4
a = mmap len 4p prot rw private
ioctl 0x103
a = mmap len 5p prot rw shared
ioctl 0x101 0
a = mmap len 1p prot rw shared
ioctl 0x103
== forgets
open rw
ioctl 0x101 3
ioctl 0x102 1
a = mmap len 4p prot rw shared
ioctl 0x103
ioctl 0x101 4
ioctl 0x102 2
a = mmap len 4p prot rw shared
ioctl 0x103
== over-old
open rw
a = mmap len 4p prot rw shared
write a 1
ioctl 0x101 4
b = mmap len 2p prot rw shared fixed at a+1p
ioctl 0x103
read a
read a+1p
read a+3p
ioctl 0x101 0
b = mmap len 2p prot rw shared fixed at a+1p
read b
ioctl 0x103
@ banks
== switches
open rw
a = mmap len 2p prot rw shared
write a 1
ioctl 0x101 1
read a
write a 2
write a+1p 3
ioctl 0x101 0
read a
read a+1p
ioctl 0x101 1
read a+1p
ioctl 0x101 4
== lazy
open rw
a = mmap len 2p prot rw shared
write a 1
ioctl 0x102 1
ioctl 0x101 2
read a
write a+1p 4
munmap a
a = mmap len 2p prot r shared
read a
read a+1p
== shared
f = open rw
a = mmap len 2p prot rw shared of f
fork child
write a 5
in child: read a
ioctl 0x101 3
in child: read a
in child: write a 6
read a
b = mmap len 1p off 1p prot r shared of f
read b
ioctl 0x101 0
n = mmap len 4p prot none private anonymous
mremap a len 2p maymove fixed at n
read a
ioctl 0x101 3
read a
== odd
open rw
a = mmap len 3p prot rw shared
read a+2p
b = mmap len 1p prot rw private
f = open ro
c = mmap len 1p prot r private of f
read c
ioctl 0x101 1 of f
read c
@ busy-fault
== retries
open rw
ioctl 0x101 1
a = mmap len 3p prot rw shared
read a
ioctl 0x101 2
read a+1p
ioctl 0x101 5
write a 1
read a+2p
ioctl 0x103
== others
open rw
a = mmap len 2p prot rw shared
ioctl 0x101 1
read a by mem
ioctl 0x101 1
read a+1p by direct
madvise a dontneed
ioctl 0x101 2
read a by syscall
ioctl 0x101 1
madvise a+1p len 1p populate_read
madvise a dontneed
ioctl 0x101 3
read a by process_vm
ioctl 0x103
== out-of-memory
open rw
a = mmap len 2p prot rw private
ioctl 0x102
write a+1p by mem
ioctl 0x102
write a+1p 3 by process_vm
ioctl 0x102
mlock a
ioctl 0x102
p = pin a+1p write
read a+1p
@ page-marks
== dirty
open rw
a = mmap len 3p prot rw shared
read a
ioctl 0x101 0
write a 1
ioctl 0x101 0
munmap a len 1p
ioctl 0x101 0
write a+1p 1 by mem
ioctl 0x101 1
ioctl 0x102 1
madvise a+1p len 1p dontneed
ioctl 0x101 1
== locked
open rw
a = mmap len 3p prot rw shared
read a+2p
ioctl 0x101 2
write a+2p 1
ioctl 0x103 0
ioctl 0x101 0
ioctl 0x104 0
write a 1
ioctl 0x104 0
ioctl 0x103 2
ioctl 0x103 2
munmap a
ioctl 0x101 2
== asked
open rw sync
a = mmap len 3p prot rw shared
write a 1
ioctl 0x101 0
read a+1p
write a+2p 2
ioctl 0x101 2
ioctl 0x102 2
munmap a
ioctl 0x101 2
ioctl 0x101 0
== private
open rw sync
a = mmap len 3p prot rw private
write a 1
read a+1p
ioctl 0x101 0
ioctl 0x101 1
p = pin a+1p
ioctl 0x101 1
unpin p
ioctl 0x105 1
read a+1p
ioctl 0x106 1
ioctl 0x106 0
@ fake-offset
== objects
open rw
a = mmap len 4p off 0x100p prot rw shared
b = mmap len 2p off 0x300p prot rw shared
read a+1p
read b+1p
write a 9
c = mmap len 4p off 0x100p prot r shared
read c
d = mmap len 1p off 0x101p prot r shared
e = mmap len 5p off 0x100p prot r shared
g = mmap len 1p off 0x400p prot r shared
ioctl 0x102 1
== freed
open rw
a = mmap len 4p off 0x100p prot rw shared
write a 5
ioctl 0x101 1
read a
read a+1p
madvise a dontneed
read a
munmap a
ioctl 0x102 1
== pfns
open rw
a = mmap len 4p off 0x200p prot rw shared
write a 5
read a+3p
b = mmap len 4p off 0x100p prot rw private
write b 6
read b+1p
ioctl 0x101 2
read a
read b
read b+1p
munmap a+1p len 1p
fork child
in child: read a+2p
ioctl 0x102 2
== splits
open rw
a = mmap len 4p off 0x300p prot rw shared
munmap a+1p len 1p
read a+2p
read a+3p
mprotect a+3p len 1p prot r
ioctl 0x102 3
n = mmap len 8p prot none private anonymous
b = mremap a+2p old 1p len 1p maymove fixed at n+4p
read b
mremap b len 2p maymove
c = mmap len 2p off 0x300p prot rw shared at 0x20000000
d = mmap len 2p off 0x300p prot rw shared fixed at c+2p
read d
@ turncoat
== forked
open rw
a = mmap len 2p prot rw shared
read a
read a+1p
fork child
in child: read a
in child: read a+1p
in child: munmap a
== split
open rw
a = mmap len 4p prot rw shared
munmap a+1p len 1p
read a
read a+2p
read a+3p
munmap a
== second
open rw
a = mmap len 3p off 1p prot rw shared
read a
read a+1p
write a 1
madvise a dontneed
read a
mremap a len 2p
== away
open rw
ioctl 0x101 1
a = mmap len 3p prot rw private
write a 1
mprotect a+1p len 1p prot r
read a+1p
mprotect a+1p len 1p prot rw
write a+1p 2
read a+2p
fork child
in child: read a+1p
== away-shared
open rw
ioctl 0x101 1
a = mmap len 3p prot rw shared
munmap a+2p len 1p
read a
read a+1p
munmap a+1p len 1p
@ sample-ring
== samples
open rw
a = mmap len 5p prot r shared
read a
ioctl 0x101 10
read a
read a+1p+36
pwrite { u32 7, u32 8 }
read a+1p+40 len 8
ioctl 0x102
ioctl 0x101 4096
read a
read a+1p len 1p
read a+4p len 1p
== once
open rw
a = mmap len 5p prot r shared
b = mmap len 1p prot r shared
fork child
in child: read a
munmap a+1p len 1p
b = mmap len 1p prot r shared
munmap a
b = mmap len 1p off 4p prot r shared
c = mmap len 1p off 5p prot r shared
munmap b
c = mmap len 1p off 5p prot r private
c = mmap len 6p prot r private
c = mmap len 2p off 3p prot r private
read c+1p
== guarded
open rw
a = mmap len 5p prot rw shared
a = mmap len 5p prot rx shared
a = mmap len 5p prot r private at 0x20000000
mprotect a prot rw
mprotect a prot rx
write a 1 by mem
read a by mem
mremap a len 6p maymove
pwrite from a+4p len 8
pwrite from a+5p len 8
pwrite from a+5p-4 len 8
read a
`);
