/** Ordinary devices as many drivers have them, and devices that lean on clocks, counts and queues. Long because it is one list. */
import type { KernelScenario } from './scenario.ts';
import { scenariosOf } from './told.ts';

export const ordinaryDevices: readonly KernelScenario[] = scenariosOf(`
@ uio-lite
== registers
f = open rw
a = mmap len 2p off 0 prot rw shared
read a
write a+1p+8 0x55
read a+1p+8
fork child
in child: read a+1p+8
mprotect a prot r
write a 1
b = mmap len 3p off 0 prot rw shared
pread len 4
pwrite { u32 1 }
pread len 4
pread len 8
== logical
open rw
a = mmap len 3p off 1p prot rw shared
read a+1p
write a+2p 9
read a
b = mmap len 1p off 1p prot r private
read b
mprotect b prot rw
write b 3
read a
madvise a dontneed
read a+2p
munmap a+1p len 1p
ioctl 0x101
mremap b len 2p
== virtual
open rw
a = mmap len 3p off 2p prot rw shared
read a
read a+2p
b = mmap len 4p off 2p prot rw shared
c = mmap len 1p off 3p prot rw shared
c = mmap len 1p off 4p prot rw shared
c = mmap len 1p off 5p prot rw shared
mlock a
mincore a
ioctl 0x102 2
ioctl 0x102 9
ioctl 0x103 1
ioctl 0x103 3
== split-fault
open rw
a = mmap len 3p off 1p prot rw shared
munmap a len 1p
read a+1p
read a+2p
mremap a+1p old 2p len 2p maymove fixed at a+16p
read a+16p
ioctl 0x101
msync a+16p len 2p sync
@ dma-slots
== lives
open rw
ioctl 0xC0107301 { u32 5000, u32 0, u64 0 }
a = mmap len 2p off 0x100000 prot rw shared
write a 5
write a+1p 6
ioctl 0x7303
ioctl 0x40047302 { u32 1 }
ioctl 0x7303
read a
read a+1p
fork child
in child: read a
munmap a
ioctl 0x7303
in child: munmap a
ioctl 0x7303
ioctl 0x40047302 { u32 1 }
== many
open rw
ioctl 0xC0107301 { u32 1, u32 0, u64 0 }
ioctl 0xC0107301 { u32 65536, u32 0, u64 0 }
ioctl 0xC0107301 { u32 65537, u32 0, u64 0 }
ioctl 0xC0107301 { u32 0, u32 0, u64 0 }
ioctl 0xC0107301 { u32 4097, u32 0, u64 0 }
ioctl 0xC0107301 { u32 4096, u32 0, u64 0 }
ioctl 0xC0107301 { u32 4096, u32 0, u64 0 }
ioctl 0x7303
a = mmap len 16p off 0x200000 prot rw shared
b = mmap len 17p off 0x200000 prot rw shared
c = mmap len 2p off 0x301000 prot rw shared
c = mmap len 1p off 0x301000 prot rw shared
ioctl 0x40107304 { u32 0x41, u32 3, u64 4096 }
read c
read c+60
read c+64
ioctl 0x40107304 { u32 0x41, u32 3, u64 9000 }
d = mmap len 1p off 0x500000 prot r shared
d = mmap len 1p off 0 prot r shared
== private
open rw
ioctl 0xC0107301 { u32 8192, u32 0, u64 0 }
a = mmap len 2p off 0x100000 prot rw private
write a 7
read a+1p
ioctl 0x40107304 { u32 0x22, u32 1, u64 0 }
read a
read a+8
read a+1p
mprotect a+1p len 1p prot r
write a+1p 1
fork child
in child: write a 8
read a
madvise a dontneed
read a by mem
== two-files
f = open rw
g = open rw
ioctl 0xC0107301 { u32 4096, u32 0, u64 0 } of f
a = mmap len 1p off 0x100000 prot rw shared of g
a = mmap len 1p off 0x100000 prot rw shared of f
write a 3
close f
read a
ioctl 0x7303 of g
munmap a
ioctl 0x7303 of g
ioctl 0x999 of g
== moves
open rw
ioctl 0xC0107301 { u32 16384, u32 0, u64 0 }
a = mmap len 4p off 0x100000 prot rw shared
write a+3p 4
mremap a len 8p maymove
mremap a len 2p
mremap a old 2p len 2p maymove fixed at a+32p
read a+32p
munmap a+33p len 1p
ioctl 0x7303
mlock a+32p len 1p
madvise a+32p len 1p dontfork
fork child
in child: read a+32p
@ fb-plain
== draw
open rw
a = mmap len 16p prot rw shared
read a+2568
ioctl 0x400A4610 { u16 10, u16 2, u16 5, u16 3, u8 7, u8 0 }
read a+650
read a+655
ioctl 0x400A4610 { u16 316, u16 2, u16 5, u16 3, u8 7, u8 0 }
ioctl 0x4611 2
read a+10
read a+1928
ioctl 0x80044613 { u32 10 }
ioctl 0x80044613 { u32 64000 }
ioctl 0x4612 1
pread len 4 off 8
munmap a
ioctl 0x4612 1
pread len 4 off 8
pread len 8
== bounds
open rw
a = mmap len 17p prot rw shared
a = mmap len 16p off 1p prot rw shared
a = mmap len 15p off 1p prot rw shared
b = mmap len 1p off 15p prot rw shared
c = mmap len 1p off 16p prot rw shared
c = mmap len 1p off 0xfffffffffffff000 prot rw shared
c = mmap len 1p off 0x7ffffffffffff000 prot rw shared
write b 1
write b+4095 1 len 1
pwrite "abcdef" off 63990
pwrite "abcdefghijklmnop" off 63990
pwrite "x" off 64000
pwrite "x" off 64001
pread len 100 off 63995
lseek 10
pwrite "hello"
lseek 0 cur
read a
== private
open rw
a = mmap len 16p prot rw private
a = mmap len 1p prot rw private
write a 0x11
pread len 4 off 0
b = mmap len 2p off 0 prot r private
c = mmap len 1p off 0 prot r shared
read c
mprotect c prot rw
write c 4
fork child
in child: read a
in child: read c
munmap a
in child: exit
ioctl 0x4612 0
== halves
open rw
a = mmap len 4p prot rw shared
munmap a+1p len 2p
read a+3p
read a+1p
b = mmap len 2p off 8p prot r shared fixed at a+1p
read b
ioctl 0x4612 0
mprotect a len 1p prot none
read a
read a by mem
mprotect a len 1p prot rw
write a 8
munmap a len 4p
ioctl 0x4612 0
@ ticker
== work
open rw
a = mmap len 1p prot rw shared
ioctl 0x101
ioctl 0x101
read a
read a+20
read a+52
ioctl 0x102
read a+4
== timers
open rw
a = mmap len 1p prot r shared
ioctl 0x103
ioctl 0x103
read a+8
ioctl 0x106
ioctl 0x107
ioctl 0x108
read a+8
read a+4
== tasklets
open rw
a = mmap len 2p prot r shared
ioctl 0x104
ioctl 0x104
read a+12
read a+1p
read a+20
@ page-store
== touches
open rw
a = mmap len 8p prot rw shared
read a
write a+1p+4 9
read a+1p
read a+1p+4
ioctl 0x103
read a+6p
ioctl 0x104 1
fork child
in child: read a+1p
ioctl 0x104 1
in child: exit
ioctl 0x104 1
== drops
open rw
a = mmap len 4p prot rw shared
write a 5
write a+1p 6
ioctl 0x101 0
read a
ioctl 0x102
read a+1p
ioctl 0x103
madvise a dontneed
read a+1p
ioctl 0x103
ioctl 0x101 6
== private
open rw
a = mmap len 4p prot rw private
read a
write a+1p 5
write a 6
ioctl 0x104 0
ioctl 0x104 1
ioctl 0x105
read a
read a+1p
ioctl 0x101 0
read a
madvise a len 1p dontneed
read a
ioctl 0x103
== grow
open rw
a = mmap len 2p prot rw shared
read a
mremap a len 6p maymove
read a+5p
mremap a len 7p maymove
read a+6p
mremap a len 1p
b = mmap len 2p off 4p prot r shared
read b+1p
read b
ioctl 0x103
ioctl 0x104 4
b2 = mremap b old 0 len 2p maymove
read b2
== merges
open rw
a = mmap len 2p off 2p prot rw shared at 0x20000000
b = mmap len 2p off 0 prot rw shared fixed at 0x1fffe000
read b
c = mmap len 1p off 4p prot rw shared fixed at 0x20002000
read c
mprotect b+1p len 2p prot r
mprotect b+1p len 2p prot rw
munmap b len 5p
== others
f = open rw
g = open ro
a = mmap len 2p prot rw shared of f
b = mmap len 2p prot r shared of g
c = mmap len 2p prot rw shared of g
write a 1
read b
mprotect b prot rw
c = mmap len 2p prot rw private of g
write c 4
read c+4
ioctl 0x103 of g
ioctl 0x103 of f
close g
read b+1p
madvise a willneed
madvise a populate_write
mincore a
mlock b
@ ring-poll
== flow
open rw
a = mmap len 3p prot rw shared
poll
pwrite "hello"
poll
read a
read a+1p len 5
pread len 3
read a+4
pread len 10
open rw nonblock
pread len 10
pwrite from a+1p len 100
read a
== wraps
f = open rw nonblock
a = mmap len 3p prot rw shared
write a 8190
write a+4 8190
pwrite "abcdef"
read a
read a+3p-2 len 2
read a+1p len 4
pread len 10
pread len 10
write a 8192
pread len 10
write a 4
write a+4 9000
pread len 10
poll
== fills
f = open rw nonblock
a = mmap len 3p prot rw shared
n = mmap len 3p prot rw private anonymous
write n 5 len 1p
pwrite from n len 8191
pwrite from n len 4
poll
read a+12
pread len 4096
poll
pwrite from n len 0
in_none = mmap len 3p prot rw private
b = mmap len 2p prot rw shared
fork child
in child: read a
== blocks
open rw
pread len 4
g = open rw
h = open rw
i = open rw
close h
i = open rw
a = mmap len 3p prot r shared
read a+8
write a 1
mprotect a prot rw
write a 1
munmap a+1p len 1p
read a
read a+2p
madvise a len 1p dontneed
madvise a+2p len 1p dontneed
@ named-shm
== shared
f = open rw
ioctl 0xC0204E01 { "demo", zero 12, u64 10000, u32 0, u32 0 }
ioctl 0xC0204E01 { "demo", zero 12, u64 10000, u32 1, u32 0 }
a = mmap len 3p prot rw shared of f
write a 0x77
g = open rw
ioctl 0xC0204E01 { "demo", zero 12, u64 1, u32 1, u32 0 } of g
b = mmap len 1p prot r shared of g
read b
ioctl 0x4E03 of g
ioctl 0x4E02 of f
ioctl 0x4E02 of f
ioctl 0x4E03 of g
write a 0x88
read b
close f
munmap a
ioctl 0x4E03 of g
== names
f = open rw
ioctl 0xC0204E01 { "sixteen-letters!", u64 10000, u32 1, u32 0 }
ioctl 0xC0204E01 { zero 16, u64 10000, u32 1, u32 0 }
ioctl 0x80104E04 { zero 16 }
ioctl 0xC0204E01 { "a", zero 15, u64 10000, u32 1, u32 0 }
ioctl 0xC0204E01 { "b", zero 15, u64 10000, u32 1, u32 0 }
g = open rw
ioctl 0xC0204E01 { "a", zero 15, u64 10000, u32 3, u32 0 }
ioctl 0xC0204E01 { "b", zero 15, u64 0, u32 3, u32 0 }
ioctl 0xC0204E01 { "b", zero 15, u64 200000, u32 3, u32 0 }
ioctl 0xC0204E01 { "b", zero 15, u64 131072, u32 3, u32 0 }
h = open rw
ioctl 0xC0204E01 { "c", zero 15, u64 1, u32 3, u32 0 }
i = open rw
ioctl 0xC0204E01 { "d", zero 15, u64 1, u32 3, u32 0 }
ioctl 0x4E03
close g
ioctl 0x4E03
ioctl 0xC0204E01 { "d", zero 15, u64 1, u32 3, u32 0 }
ioctl 0x4E03
== maps
f = open rw
a = mmap len 1p prot rw shared
ioctl 0xC0204E01 { "a", zero 15, u64 8192, u32 1, u32 0 }
a = mmap len 3p prot rw shared
a = mmap len 2p off 1p prot rw shared
a = mmap len 1p off 1p prot rw shared
b = mmap len 2p prot rw private
write a 5
read b+1p
write b+1p 6
read a
fork child
in child: write a 7
in child: write b 8
read b
read a
ioctl 0x4E03
in child: exit
ioctl 0x4E03
mremap a len 2p maymove
mlock a
@ fault-mixed
== reads
open rw
a = mmap len 9p prot rw shared
read a
read a+1p
write a 5
write a+1p 6
ioctl 0x101
write a+2p 1
write a+3p 2
ioctl 0x101
read a+8p
ioctl 0x103 0
fork child
in child: read a
in child: write a+4p 3
ioctl 0x101
== readonly
open rw
a = mmap len 8p prot rw shared
ioctl 0x102 1
read a
write a 1
read a+1p
write a+1p 1
write a+2p 1
ioctl 0x102 0
write a 1
ioctl 0x101
== private
open rw
a = mmap len 4p prot rw private
read a
write a 5
read a+1p
write a+1p 6
write a+2p 7
read a+2p
munmap a len 1p
ioctl 0x103 0
fork child
in child: read a+1p
in child: read a+3p
madvise a+1p len 2p dontneed
read a+2p
mremap a+2p old 2p len 4p maymove
@ insert-bulk
== whole
open rw
a = mmap len 4p prot rw shared
read a
read a+3p
write a+1p 50
ioctl 0x103 1
ioctl 0x102 1
b = mmap len 17p prot rw shared
b = mmap len 4p off 13p prot rw shared
b = mmap len 3p off 13p prot r shared
read b+2p
b = mmap len 1p off 16p prot r shared
munmap a
ioctl 0x102 1
== pages
open rw
a = mmap len 4p off 0x100000 prot rw shared
read a+2p
ioctl 0x101
b = mmap len 17p off 0x100000 prot rw shared
read b+15p
read b+16p
ioctl 0x102 3
mremap b len 18p maymove
madvise b dontneed
read b
== zero
open rw
a = mmap len 4p off 0x200000 prot r shared
read a+3p
b = mmap len 4p off 0x203000 prot r private
read b+1p
mprotect b prot rw
write b 1
ioctl 0x103 0
== partly
open rw
a = mmap len 8p off 0x300000 prot rw shared
read a
read a+1p
read a+2p
read a+4p
read a+5p
ioctl 0x101
b = mmap len 8p off 0x301000 prot rw shared
ioctl 0x102 4
c = mmap len 3p off 0x400000 prot rw shared
ioctl 0x101
== refused
open rw
c = mmap len 3p off 0x600000 prot rw shared
fork child
a = mmap len 4p off 0x100000 prot rw private
write a 7
read a+1p
ioctl 0x103 0
fork other
in other: write a+1p 3
read a+1p
ioctl 0x102 1
== pfnmap
open rw
a = mmap len 2p off 0x500000 prot rw shared
read a
@ mremap-hook
== moves
open rw
a = mmap len 4p prot rw shared
write a 7
mremap a old 4p len 4p maymove fixed at a+16p
read a+16p
ioctl 0x104
ioctl 0x105
ioctl 0x101 1
mremap a+16p old 4p len 4p maymove fixed at a+32p
read a+16p
mremap a+16p old 4p len 8p maymove
ioctl 0x104
== splits
open rw
a = mmap len 6p prot rw shared
munmap a+2p len 2p
munmap a+1p len 1p
ioctl 0x104
mprotect a len 2p prot r
mprotect a+4p len 1p prot r
ioctl 0x102 1
munmap a len 1p
munmap a len 2p
mremap a+4p len 1p
ioctl 0x104
ioctl 0x102 0
== rights
open rw
a = mmap len 4p prot rw shared
mprotect a prot rwx
mprotect a prot rx
mprotect a len 2p prot r
ioctl 0x103 0
mprotect a prot rx
mprotect a len 4p prot rw
read a
exec a
madvise a len 2p dontfork
fork child
ioctl 0x104
== forks
open rw
a = mmap len 2p prot rw private
write a 1
fork child
in child: write a 2
read a
in child: mremap a len 4p maymove
in child: munmap a+2p len 2p
ioctl 0x104
in child: exit
ioctl 0x104
thread t
in t: munmap a len 1p
ioctl 0x104
@ sync-mix
== values
open rw
a = mmap len 1p prot r shared
ioctl 0x101 5
ioctl 0x102
read a
read a+4
ioctl 0x103 3
ioctl 0x101 5
read a+8 len 8
read a
ioctl 0x104 3
ioctl 0x104 9
ioctl 0x105
a = mmap len 1p prot rw shared
mprotect a prot rw
== tokens
open rw
ioctl 0x106
ioctl 0x106
ioctl 0x106
ioctl 0x10e
ioctl 0x107
ioctl 0x106
ioctl 0x108 3
ioctl 0x108 4
ioctl 0x10d
ioctl 0x109
ioctl 0x10d
ioctl 0x108 7
== waits
open rw
a = mmap len 1p prot r private
ioctl 0x10a
ioctl 0x10d
ioctl 0x10c
ioctl 0x108 1
== ticks
open rw
a = mmap len 1p prot r shared
ioctl 0x10b
read a+16
ioctl 0x10b
read a+16
ioctl 0x10c
@ access-window
== looks
open rw
a = mmap len 2p prot rw shared
read a+0x10
read a+1p
write a 5
read a by mem
write a+4 6 by mem
read a+4
read a by ptrace
read a by process_vm
read a+0x10 by syscall
ioctl 0x103 0
ioctl 0x104 0x20
read a+0x20
ioctl 0x105
read a+8
== revoked
open rw
a = mmap len 4p prot rw shared
read a+0x10
ioctl 0x101
read a+0x10
read a by mem
ioctl 0x102
read a+0x10
read a+1p by mem
fork child
in child: read a+1p
ioctl 0x101
in child: read a+1p
munmap a len 2p
== edges
open rw
a = mmap len 5p prot rw shared
a = mmap len 1p off 4p prot rw shared
a = mmap len 2p off 2p prot r shared
read a+1p
write a 1 by mem
mprotect a prot rw
write a 1
mprotect a len 1p prot none
read a by mem
read a
b = mmap len 1p prot rw private
write b+0x10 1
ioctl 0x103 0x10
ioctl 0x101
read b+0x10
@ leaky-counts
== normal
open rw
a = mmap len 2p prot rw shared
write a 1
read a+1p
ioctl 0x103
munmap a
ioctl 0x102
ioctl 0x101
== split
open rw
a = mmap len 2p prot rw shared
write a 1
munmap a+1p len 1p
ioctl 0x103
read a
munmap a
ioctl 0x102
== forked
open rw
a = mmap len 2p prot rw shared
write a 1
fork child
in child: read a
in child: exit
ioctl 0x101
read a+1p
ioctl 0x103
== codes
open rw
a = mmap len 4p prot rw shared
read a+3p
read a
munmap a
ioctl 0x101
== fails
open rw
a = mmap len 2p off 0x10p prot rw shared
ioctl 0x103
a = mmap len 1p off 0x10p prot rw shared
read a
ioctl 0x103
mremap a len 2p maymove
read a+1p
@ user-pages
== pins
open rw
n = mmap len 4p at 0x30000000 prot rw private anonymous
write n 1
write n+1p 2
ioctl 0x40105501 { u64 0x30000000, u32 8192, u32 1 }
ioctl 0x5503
a = mmap len 2p prot rw shared
read a
write a 10
read n
ioctl 0x5503
ioctl 0x5504
read n+2p-4
ioctl 0x5502
ioctl 0x5502
== cow
open rw
n = mmap len 2p at 0x30000000 prot rw private anonymous
write n 1
ioctl 0x40105501 { u64 0x30000000, u32 4096, u32 0 }
a = mmap len 1p prot rw shared
read a
fork child
write n 2
read a
in child: read n
in child: write n 3
read n
write a 9
read n
in child: read n
== refused
open rw
ioctl 0x40105501 { u64 0x30000000, u32 4096, u32 0 }
n = mmap len 2p at 0x30000000 prot r private anonymous
ioctl 0x40105501 { u64 0x30000000, u32 4096, u32 1 }
ioctl 0x40105501 { u64 0x30000001, u32 4096, u32 1 }
ioctl 0x40105501 { u64 0x30000000, u32 0, u32 1 }
ioctl 0x40105501 { u64 0x30001000, u32 8192, u32 0 }
ioctl 0x40105501 { u64 0x30000000, u32 8192, u32 0 }
ioctl 0x40105501 { u64 0x30000000, u32 8192, u32 0 }
ioctl 0x5505 0x30000000
ioctl 0x5505 0x30002000
a = mmap len 1p prot rw shared at 0x31000000
read a
ioctl 0x5505 0x31000000
ioctl 0x5502
read a
a = mmap len 1p prot r private
== self
open rw
n = mmap len 1p at 0x30000000 prot rw shared anonymous
write n 4
ioctl 0x40105501 { u64 0x30000000, u32 4096, u32 1 }
a = mmap len 1p prot rw shared at 0x31000000
read a
g = open rw
ioctl 0x40105501 { u64 0x31000000, u32 4096, u32 1 } of g
munmap n
read a
close g
fork child
in child: read a
ioctl 0x5502
read a
@ dirty-track
== marks
open rw
a = mmap len 10p prot rw shared
read a
write a 1
write a+3p 1
read a+4p
ioctl 0x102
ioctl 0x103
ioctl 0x105 0
ioctl 0x101
ioctl 0x102
write a 2
write a+4p 2
read a+3p
ioctl 0x101
ioctl 0x104
== syncs
open rw
a = mmap len 4p prot rw shared
write a 1
msync a sync
ioctl 0x104
write a 2
msync a async
ioctl 0x104
b = mmap len 4p prot rw shared
write b 3
write b+1p 3
ioctl 0x101
write a+1p 4
ioctl 0x102
== private
open rw
a = mmap len 3p prot rw private
read a
write a 1
write a+1p 2
ioctl 0x102
b = mmap len 2p prot r shared
mprotect b prot rw
write b 5
read a+2p
ioctl 0x103
fork child
in child: write b+1p 5
ioctl 0x101
in child: write b 6
ioctl 0x102
in child: munmap b
@ one-page
== hello
open rw
a = mmap len 1p prot rw shared
read a len 8
write a+4 "WORLD"
read a len 8
ioctl 0x101
ioctl 0x104
read a len 8
munmap a
ioctl 0x101
a = mmap len 1p prot r shared
read a
== opens
f = open rw
g = open rw excl
h = open ro
ioctl 0x103
ioctl 0x102 { u32 1 }
i = open rw
i = open ro
ioctl 0x103 of i
a = mmap len 1p prot rw shared of i
a = mmap len 1p prot r shared of i
mprotect a prot rw
b = mmap len 1p prot rw shared of f
close f
write b 5
read a
ioctl 0x103 of i
ioctl 0x102 of i
ioctl 0x102 0x10 of i
== outside
open rw
a = mmap len 2p prot rw shared
a = mmap len 1p off 1p prot r shared
munmap a
== sides
open rw
a = mmap len 1p prot rw shared
write a 1
read a by mem
write a 2 by mem
read a
read a by process_vm
fork child
in child: write a 3
read a
ioctl 0x103
in child: ioctl 0x103
in child: exit
ioctl 0x103
madvise a dontneed
madvise a dontfork
fork other
in other: read a
== privately
open rw
a = mmap len 1p prot r private
mprotect a prot rw
write a 1
b = mmap len 1p prot r shared
read b
read a
mremap a len 1p maymove fixed at b+16p
read b+16p
mlock b
msync b sync
madvise b willneed
madvise b cold
mincore b
@ bit-pages
== hands-out
open rw
ioctl 0xc0104201 { u32 3, u32 0, u32 0, u32 0 }
ioctl 0xc0104201 { u32 2, u32 4, u32 0, u32 0 }
ioctl 0x4203
a = mmap len 16p prot rw shared
read a
read a+3p
write a+4p 7
ioctl 0xc0104201 { u32 1, u32 0, u32 0, u32 0 }
read a+3p
ioctl 0x4202 0x104
read a+4p
ioctl 0x4204
ioctl 0xc0104201 { u32 12, u32 0, u32 0, u32 0 }
ioctl 0xc0104201 { u32 10, u32 0, u32 0, u32 0 }
ioctl 0x4203
ioctl 0xc0104201 { u32 17, u32 0, u32 0, u32 0 }
ioctl 0xc0104201 { u32 1, u32 3, u32 0, u32 0 }
== zaps
open rw
ioctl 0xc0104201 { u32 16, u32 0, u32 0, u32 0 }
a = mmap len 4p off 2p prot rw shared
b = mmap len 16p prot r shared
write a+1p 5
read b+3p
fork child
in child: read b+3p
ioctl 0x4202 0x203
read a+1p
in child: read b+3p
read b+2p
ioctl 0xc0104201 { u32 2, u32 0, u32 0, u32 0 }
read a+1p
ioctl 0x4202 0x0
ioctl 0x4202 0x210
mremap b len 17p maymove
== private
open rw
a = mmap len 4p prot rw private
a = mmap len 4p prot r private
g = open ro
ioctl 0xc0104201 { u32 1, u32 0, u32 0, u32 0 } of g
a = mmap len 4p prot r private of g
a = mmap len 17p prot r shared of g
a = mmap len 4p prot r shared of g
read a
mprotect a prot rw
mlock a
read a+1p by mem
madvise a populate_read
@ two-ends
== passes
p = open rw
c = open ro
q = open rw
w = open wo
pwrite "first" of p
pwrite "second record" of p
a = mmap len 3p prot rw shared of p
b = mmap len 3p prot r shared of c
read a
read b+1p+8 len 5
read b+1p+64
poll of c
poll of p
pread len 3 of c
pread len 100 of c
pread len 100 of c
poll of c
read a+4
close p
pread len 100 of c
poll of c
p = open rw
read b+24 len 8
lseek 4 of c
pread len 1 off 3 of c
== limits
p = open rw
a = mmap len 4p prot rw shared
write a 200
write a+4 72
pwrite "x"
write a+4 71
pwrite "x"
write a+4 73
pwrite "y"
read a+8
read a+1p+0x1200+8
read a+3p
poll
pwrite from a+3p len 4
pwrite from a+1p len 57
pread len 4 into a+2p
read a+2p
== shares
c = open ro
a = mmap len 3p prot rw shared
a = mmap len 3p prot rw private
a = mmap len 3p prot r private
mprotect a prot rw
write a 4
p = open rw
pwrite "abc" of p
read a
fork child
in child: read a+1p+8
in child: pwrite "def" of p
read a+1p
madvise a dontneed
read a
close p
in child: close p
q = open rw
in child: exit
q = open rw
@ compound-map
== faults
open rw
a = mmap len 4p off 2p prot rw shared
read a
write a+1p 5
ioctl 0x101 0
ioctl 0x101 3
ioctl 0x102 0
ioctl 0x102 5
ioctl 0x103 5
ioctl 0x104 0
ioctl 0x105
fork child
in child: read a
ioctl 0x101 0
munmap a
ioctl 0x101 0
== inserts
open rw
a = mmap len 16p off 0x100p prot rw shared
read a+15p
ioctl 0x101 0
b = mmap len 2p off 0x10fp prot rw shared
b = mmap len 1p off 0x10fp prot r private
read b
munmap a+4p len 4p
ioctl 0x101 0
mprotect b prot rw
write b 9
ioctl 0x101 0
madvise a dontneed
ioctl 0x101 0
read a
== remaps
open rw
a = mmap len 4p off 0x204p prot rw shared
read a+3p
ioctl 0x101 4
b = mmap len 2p off 0x300p prot rw shared
read b+1p
c = mmap len 20p off 0x300p prot r shared
read c+15p
read c+16p
d = mmap len 2p off 0x300p prot rw private
read d
fork child
in child: read c+3p
a = mmap len 4p off 0x400p prot rw shared
== privates
open rw
a = mmap len 4p off 0 prot rw private
read a
write a 2
write a+1p 3
ioctl 0x101 0
b = mmap len 4p off 0x200p prot rw private
write b+2p 4
read b+3p
fork child
in child: write b+3p 1
in child: write a+2p 1
ioctl 0x101 0
mremap a len 2p
mremap a len 6p maymove
@ per-task
== own
open rw
a = mmap len 1p prot rw shared
b = mmap len 1p prot rw shared
read a
write a+4 8
read b+4
ioctl 0x101
c = mmap len 1p off 1p prot rw shared
write c 5
fork child
in child: read a
in child: d = mmap len 1p prot rw shared
in child: read d
in child: ioctl 0x102
ioctl 0x101
in child: read c
munmap a
munmap b
ioctl 0x101
in child: munmap a
in child: munmap b
ioctl 0x101
ioctl 0x102
in child: ioctl 0x104
== threads
open rw
a = mmap len 1p prot rw shared
thread t
b = mmap len 1p prot r shared
in t: read b
ioctl 0x104
ioctl 0x101
mremap b len 2p maymove
mremap b old 1p len 1p maymove fixed at b+32p
ioctl 0x101
in t: munmap a
e = mmap len 1p off 2p prot r shared
e = mmap len 2p off 0 prot r shared
ioctl 0x103
munmap b+32p len 1p
ioctl 0x103
== privately
open rw
a = mmap len 1p prot rw private
write a 6
ioctl 0x102
madvise a dontneed
read a
fork child
in child: write a 3
read a
in child: ioctl 0x102
in child: exit
close
munmap a
@ chunked
== streams
open rw
ioctl 0xC0084301 { u32 3, u32 5000 }
ioctl 0xC0204302 { u32 1, zero 28 }
a = mmap len 2p off 0 prot rw shared
b = mmap len 2p off 2p prot rw shared
ioctl 0x40044303 { u32 1 }
ioctl 0x40044303 { u32 1 }
ioctl 0x40044303 { u32 0 }
ioctl 0x4306
ioctl 0x4305 1
ioctl 0x4306
read b
read b+2p-4
ioctl 0x80204304 { zero 32 }
ioctl 0x80204304 { zero 32 }
ioctl 0x4306
read a+1p
ioctl 0x80204304 { zero 32 }
ioctl 0x4306
ioctl 0xC0204302 { u32 1, zero 28 }
ioctl 0xC0084301 { u32 0, u32 0 }
ioctl 0x4305 0
ioctl 0xC0084301 { u32 0, u32 0 }
munmap a
munmap b
ioctl 0xC0084301 { u32 0, u32 0 }
== checks
open rw
ioctl 0x4305 1
ioctl 0x80204304 { zero 32 }
a = mmap len 1p prot rw shared
ioctl 0xC0084301 { u32 9, u32 0 }
ioctl 0xC0084301 { u32 9, u32 70000 }
ioctl 0xC0084301 { u32 9, u32 65536 }
ioctl 0xC0084301 { u32 1, u32 8192 }
a = mmap len 2p off 4p prot rw shared
a = mmap len 2p off 1p prot rw shared
a = mmap len 3p off 2p prot rw shared
a = mmap len 2p off 2p prot rw private
a = mmap len 2p off 2p prot w shared
a = mmap len 1p off 2p prot r shared
ioctl 0xC0204302 { u32 1, zero 28 }
ioctl 0xC0204302 { u32 2, zero 28 }
ioctl 0xC0084301
mprotect a prot rw
write a 3
mremap a len 2p maymove
== outlives
open rw
ioctl 0xC0084301 { u32 2, u32 4096 }
a = mmap len 1p off 1p prot rw shared
write a 5
fork child
close
read a
in child: read a
munmap a
in child: ioctl 0xC0084301 { u32 2, u32 4096 }
in child: munmap a
in child: ioctl 0xC0084301 { u32 2, u32 4096 }
in child: ioctl 0x4305 1
@ seek-window
== writes
open rw
a = mmap len 8p prot r shared
read a
pwrite "abcd"
ioctl 0x103
read a
pwrite { u32 0x0f0f0f0f } off 0
read a
lseek 0 end
pwrite "x"
pread len 4
lseek -4 end
pwrite "0123456789"
read a+8p-4
ioctl 0x104
ioctl 0x101 0
ioctl 0x101 3
ioctl 0x101 4
ioctl 0x104
ioctl 0x102
read a+8p-4
== seeks
open rw
lseek 100
lseek 10 cur
lseek 0x8000
lseek 0x8001
lseek 0 end
lseek 8 cur
pread len 16 off 0x7ff8
pread len 16 off 0x8000
ioctl 0x103
f = open ro
pwrite "a" of f
ioctl 0x103 of f
pread len 200 off 100 of f
== maps
open rw
a = mmap len 8p prot rw shared
a = mmap len 8p prot rw private
a = mmap len 9p prot r shared
a = mmap len 8p off 1p prot r shared
a = mmap len 1p off 7p prot r private
b = mmap len 2p prot rx shared
mprotect a prot rw
mprotect b prot rwx
read a
fork child
in child: read a
n = mmap len 2p prot rw private anonymous
write n 0x11223344
pwrite from n len 8 off 4
read b+4
pread len 4096 off 0 into b
pread len 8192 off 0 into n
read n+4
pread len 4096 off 0 into n+1p+2048
munmap n+1p len 1p
pwrite from n+4092 len 8 off 0x100
read b+0x100
@ late-free
== order
open rw
a = mmap len 3p prot rw shared
read a
write a+1p 1
ioctl 0x104
fork child
ioctl 0x104
close
in child: close
g = open rw
ioctl 0x103 of g
munmap a
ioctl 0x103 of g
in child: read a+1p
in child: munmap a
ioctl 0x103 of g
== by-work
open rw
ioctl 0x102 1
a = mmap len 4p prot rw shared
read a+2p
read a+3p
mremap a len 3p
munmap a+1p len 1p
ioctl 0x104
close
g = open rw
ioctl 0x103 of g
munmap a len 3p
ioctl 0x103 of g
== detaches
open rw
a = mmap len 3p prot rw shared
b = mmap len 3p prot rw private
read a
write b 5
read b+1p
ioctl 0x101
read a
read b
read b+1p
c = mmap len 1p prot r shared
g = open rw
c = mmap len 1p prot r shared of g
read c
ioctl 0x101 of g
read c
munmap a
ioctl 0x104 of g
== grows
open rw
a = mmap len 1p prot rw shared
read a
mremap a len 4p maymove
read a+2p
read a+3p
b = mremap a old 0 len 3p maymove
read b+1p
write b 9
read a
ioctl 0x104
madvise a dontneed
read a
`);
