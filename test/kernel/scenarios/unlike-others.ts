/** Modules that are unlike the others, by another hand: what programs do with looms, quilts, dams, veils and debts. */
import type { KernelScenario } from './scenario.ts';
import { scenariosOf } from './told.ts';

export const unlikeOthers: readonly KernelScenario[] = scenariosOf(`
@ quilt
== squares
open rw
a = mmap len 6p prot rw shared
read a
read a+1p
read a+2p
read a+3p
read a+4p
read a+5p
write a 1
write a+1p 2
write a+3p 3
write a+4p 4
mincore a len 6p
== squares-synced
open rw sync
a = mmap len 6p prot rw shared
write a+4p 9
read a+3p
write a+1p 5
fork child
in child: write a 6
read a
in child: munmap a len 3p
munmap a+2p
== own-patches
open rw
a = mmap len 5p prot rw private
write a 1
write a+1p 2
write a+2p 3
write a+3p 4
write a+4p 5
fork child
in child: write a+2p 6
write a+3p 7
in child: read a+3p
madvise a len 4p dontneed
read a
read a+1p
read a+2p
read a+3p
== own-synced
open rw sync
a = mmap len 5p prot rw private
read a
write a+1p 8
read a+1p by process_vm
write a+3p 8 by mem
read a+4p by ptrace
mprotect a+1p len 2p prot r
write a+2p 1
== moved-patches
open rw
n = mmap len 20p prot none private anonymous
a = mmap len 6p prot rw shared fixed at n
read a+3p
mremap a+2p old 2p len 2p fixed at n+12p
read n+12p
read n+13p
read a+2p
mremap a old 2p len 4p fixed at n+16p
read n+18p
read n+19p
munmap n+13p len 4p
== grown-patches
open rw
a = mmap len 3p prot rw shared
mremap a len 8p maymove
read a+3p
read a+4p
read a+6p
read a+7p
read a+5p
mremap a len 2p
mlock a
msync a sync
== kernel-reads
open rw
f = open rw
a = mmap len 5p off 1p prot rw shared of f
read a by syscall
read a+1p by mem
read a+2p by process_vm
read a+3p by direct
write a by direct
write a+2p 3 by syscall
write a+1p 1 by syscall
p = pin a len 1p
munmap a
unpin p
== zero-patch
open ro
a = mmap len 3p off 2p prot r shared
read a
mprotect a prot rw
b = mmap len 1p off 2p prot r private
mprotect b prot rw
write b 0x77
read b
read a
== only-readers
open ro
a = mmap len 6p prot r shared populate
mincore a len 6p
madvise a willneed
madvise a cold
madvise a populate_read
madvise a len 5p populate_read
madvise a dontdump
exec a
== exit-early
open rw
a = mmap len 6p prot rw private
write a 3
fork child
in child: write a+1p 4
close
fork other
in other: munmap a+1p len 2p
in child: exit
mremap a len 1p
exit
@ umbilical
== again
open rw
m = mmap len 3p prot rw private anonymous
write m 0x1111
write m+1p 0x2222
ioctl 0x201 m
ioctl 0x202 m+1p
a = mmap len 2p prot rw shared
ioctl 0x203 1
b = mmap len 2p prot rw shared
read b
write b 5
read m
ioctl 0x203 2
c = mmap len 2p prot rw shared
read c+1p
write c+1p 7
read m+1p
ioctl 0x206
== unwritten
open rw
m = mmap len 2p prot rw private anonymous
ioctl 0x201 m
ioctl 0x206
ioctl 0x203 2
c = mmap len 1p prot r shared
read c
write m 1
read c
ioctl 0x204
read c
madvise c dontneed
read c
== forked
open rw
m = mmap len 2p prot rw private anonymous
write m 9
ioctl 0x202 m
ioctl 0x203 1
b = mmap len 1p prot rw shared
fork child
write m 10
read b
in child: read m
in child: write m 11
in child: write b 12
read b
read m
munmap m
read b
ioctl 0x205
ioctl 0x204
== shared-memory
open rw
m = mmap len 2p prot rw shared anonymous
write m 3
ioctl 0x202 m
ioctl 0x201 m+1p
a = mmap len 2p prot rw shared
read a
write a+1p 4
read m+1p
munmap m
read a
ioctl 0x205
read a
== shared-again
open rw
m = mmap len 2p prot rw shared anonymous
ioctl 0x202 m
ioctl 0x203 3
a = mmap len 1p prot rw shared
write a 4
ioctl 0x206
ioctl 0x204
munmap m
read a
fork child
in child: write a 5
read a
== of-itself
open rw
m = mmap len 1p prot rw private anonymous
write m 1
ioctl 0x202 m
ioctl 0x203 1
b = mmap len 1p prot rw shared
ioctl 0x201 b
ioctl 0x203 2
c = mmap len 1p prot rw shared
read c
ioctl 0x201 c
munmap c
ioctl 0x203 4
d = mmap len 1p prot rw shared
write d 8
read m
fork child
in child: read d
== nowhere
open rw
ioctl 0x201 0x1000
ioctl 0x202 0
ioctl 0x205
ioctl 0x206
a = mmap len 1p prot rw shared
m = mmap len 1p prot r private anonymous
ioctl 0x202 m
ioctl 0x201 m
a = mmap len 2p prot r shared
a = mmap len 1p prot r shared
ioctl 0x203 3
b = mmap len 1p prot r shared
ioctl 0x203 9
c = mmap len 1p prot r shared
== closed-before
open rw
m = mmap len 2p prot rw private anonymous
write m 1
ioctl 0x202 m
ioctl 0x203 1
a = mmap len 1p prot rw private
write a 3
read m
close
read a
munmap a
write m 5
@ dam
== all
open rw
a = mmap len 3p prot rw shared
read a
read a+1p
write a+2p 1
b = mmap len 3p off 16p prot rw shared
write b 2
c = mmap len 3p off 32p prot rw shared
write c 3
d = mmap len 3p off 48p prot rw shared
write d+2p 4
e = mmap len 2p off 64p prot rw shared
write e 5
read a
g = mmap len 3p off 80p prot rw shared
write g 6
== parts
open rw
a = mmap len 1p off 2p prot rw shared
read a
b = mmap len 2p off 2p prot rw shared
b = mmap len 1p off 3p prot rw shared
c = mmap len 1p off 49p prot r shared
read c
d = mmap len 3p off 49p prot r shared
e = mmap len 1p off 66p prot rw shared
read e
e = mmap len 1p off 67p prot rw shared
read e
g = mmap len 2p off 81p prot rw shared
g = mmap len 3p off 81p prot rw shared
h = mmap len 1p off 96p prot rw shared
== private-dma
open rw
a = mmap len 3p prot rw private
write a 9
read a
read a+1p
ioctl 0x301 0
ioctl 0x301 1024
read a+1p
fork child
in child: write a+1p 1
ioctl 0x301 1024
read a+1p
b = mmap len 2p off 81p prot rw private
write b 1
madvise b dontneed
read b
== words
open rw
a = mmap len 2p prot r shared
ioctl 0x301 0
read a
ioctl 0x301 3071
ioctl 0x301 3072
mprotect a prot rw
write a 0xff
ioctl 0x301 0
b = mmap len 1p prot rwx shared
exec b
read b by mem
read b by ptrace
read b by process_vm
write b 1 by mem
== log-grows
open rw
a = mmap len 2p off 80p prot rw shared
write a+1p 4
mremap a len 3p maymove
mremap a len 1p
fork child
in child: write a 5
read a
m = mremap a old 0 len 1p maymove
madvise a dontneed
read a
== wc-over
open rw
n = mmap len 8p prot none private anonymous
a = mmap len 3p off 16p prot rw shared fixed at n+1p
b = mmap len 1p off 32p prot rw shared fixed at n+2p
write n+1p 1
write n+2p 2
write n+3p 3
munmap n+1p len 2p
read n+3p
mremap n+3p old 1p len 1p fixed at n
read n
msync n len 1p sync
mlock n len 1p
@ shelves
== plain
open rw
a = mmap len 5p prot rw shared
read a
read a+4p
b = mmap len 2p off 3p prot rw shared
write b+1p 0xabcd
read a+4p
c = mmap len 2p off 4p prot rw shared
ioctl 0x401 4
read b+1p
ioctl 0x403 4
munmap b
ioctl 0x403 4
== tail
open rw
a = mmap len 4p off 0x10p prot rw shared
read a+2p
read a
a = mmap len 1p off 0x10p prot rw shared
b = mmap len 4p off 0x10p prot rw private
write b+3p 1
read a+3p
munmap b+3p
== too-much
open rw
g = mmap len 1p prot none private anonymous
a = mmap len 2p off 0x20p prot rw shared
b = mmap len 2p off 0x30p prot rw shared
c = mmap len 1p off 0x30p prot rw shared
read c
== inside
open rw
a = mmap len 1p off 0x40p prot rw shared
b = mmap len 1p off 0x50p prot rw shared
c = mmap len 1p off 0x60p prot rw shared
ioctl 0x403 0
== meets
open rw
a = mmap len 3p off 0x70p prot rw shared
write a 1
write a+1p 2
read a+2p
mprotect a+1p len 1p prot r
fork child
in child: munmap a
read a+1p
madvise a len 1p dontneed
read a
mremap a+1p old 1p len 1p maymove dontunmap
== meets-short
open rw
a = mmap len 1p off 0x70p prot rw shared
b = mmap len 2p off 0x70p prot rw private
write b 3
== overlaps
open rw
a = mmap len 2p off 0x80p prot rw shared
ioctl 0x403 0
b = mmap len 3p off 0x80p prot rw shared
== on-touch
open rw
a = mmap len 5p off 0x90p prot rw shared
write a 0x21
ioctl 0x402 0
read a+4p
b = mmap len 2p off 0x94p prot rw private
write b 7
read b+1p
ioctl 0x402 4
mremap b len 1p
mremap a len 6p maymove
read a+5p
ioctl 0x402 9
== on-touch-forks
open rw
a = mmap len 3p off 0x91p prot rw private
read a
fork child
in child: write a 1
write a 2
in child: read a
fork other
in other: write a+1p 6
in other: exit
in child: exit
write a 3
munmap a len 1p
@ tinted
== colours
open rw
a = mmap len 6p prot rw shared
read a
read a+1p
read a+2p
read a+4p
read a+5p
write a 1
write a+1p 2
write a+2p 3
write a+4p 4
write a+5p 5
== execs
open rw
a = mmap len 6p prot rwx shared
exec a+5p
exec a
exec a+2p
mprotect a prot r
write a+2p 1
mprotect a prot rw
write a+5p 1
exec a+5p
== mixed
open rw
a = mmap len 6p off 16p prot rw private
read a+2p
write a+2p 6
write a+1p 7
read a+1p
read a+4p
fork child
in child: write a+4p 1
read a+4p
mprotect a+4p len 1p prot none
read a+4p
== mixed-shared
open rw
a = mmap len 6p off 16p prot rw shared
write a 1
read a+1p
write a+1p 2
mremap a len 8p maymove
read a+6p
read a+7p
madvise a len 2p dontneed
write a+1p 3
ioctl 0x502 0x11000
read a+1p
== remapped
open rw
a = mmap len 6p off 32p prot rw shared
write a 1
write a+1p 2
write a+2p 3
read a+4p
write a+5p 5
exec a+5p
fork child
in child: write a+1p 9
read a+1p
mprotect a prot r
mprotect a prot rwx
write a+1p 4
exec a
== remapped-none
open rw
a = mmap len 4p off 32p prot rw shared
mprotect a+3p len 1p prot rw
write a+3p 1
read a+3p
read a+3p by mem
== refuses
open rw
ioctl 0x501 2
a = mmap len 3p prot r shared
read a
mprotect a prot rw
write a 1
write a+1p 1
ioctl 0x501 0x100
write a 1
read a
ioctl 0x501 0
write a 2
== refuses-remapped
open rw
ioctl 0x501 2
a = mmap len 2p off 33p prot rw shared
write a 1
write a+1p 1
ioctl 0x501 0x40
write a 2
== private-reader
open rw
a = mmap len 2p prot r private
open ro
b = mmap len 2p prot r private
read b
mprotect b prot rw
c = mmap len 2p off 33p prot rw private
@ prefetch
== around
open rw
a = mmap len 8p prot rw shared fixed at 0x20000000
read a
mincore a len 8p
read a+1p
read a+2p
write a+3p 1
write a+2p 2
ioctl 0x603
read a+3p
read a+5p
mremap a len 4p
read a+2p
== lies
open rw
ioctl 0x602 3
a = mmap len 4p off 2p prot r shared fixed at 0x20002000
read a
read a+1p
ioctl 0x602 1
write a 1
ioctl 0x603
ioctl 0x602 2
read a by process_vm
read a by syscall
pread len 4 into a
== off
open rw
ioctl 0x601 1
a = mmap len 9p prot rw shared populate fixed at 0x2000c000
read a
read a+8p
ioctl 0x601 0
b = mmap len 9p prot r shared populate fixed at 0x2001d000
madvise b populate_read
madvise b len 8p populate_read
mincore b len 9p
== private
open rw
a = mmap len 4p prot rw private fixed at 0x20000000
b = mmap len 4p prot r private fixed at 0x2000e000
read b+1p
mprotect b prot rw
fork child
in child: read b
munmap b+1p len 1p
read b+2p
mprotect b+2p len 1p prot none
read b+2p
== windows
open rw
n = mmap len 40p prot none private anonymous fixed at 0x20000000
a = mmap len 3p off 3p prot r shared fixed at n+15p
b = mmap len 3p off 1p prot r shared fixed at n+18p
read a
read b+1p
mremap a old 3p len 3p fixed at n+30p
read n+30p
read n+31p
ioctl 0x603
read n+32p
read b+2p
munmap n
@ slices
== pieces
open rw
a = mmap len 4p prot rw shared
write a+64 5
read a+64
b = mmap len 4p off 8p prot rw shared
c = mmap len 3p off 9p prot rw shared
write b 1
write c+2p 2
d = mmap len 1p off 10p prot rw shared
read d
e = mmap len 17p prot rw shared
== splits
open rw
n = mmap len 16p prot none private anonymous
a = mmap len 8p off 1p prot rw shared fixed at n+2p
munmap n+3p len 1p
munmap n+4p len 1p
mprotect n+4p len 2p prot r
mprotect n+6p len 2p prot r
mremap n+2p old 1p len 1p maymove
madvise n+6p len 1p dontfork
madvise n+6p len 2p dontfork
fork child
in child: read n+6p
in child: read n+8p
== iomapped
open rw
a = mmap len 4p off 16p prot rw shared
b = mmap len 4p off 17p prot rw shared
b = mmap len 3p off 17p prot rw shared
write b 9
read a+1p
c = mmap len 1p off 19p prot r shared
read c
d = mmap len 1p off 20p prot r shared
read a by mem
read a by ptrace
== faulted
open rw
a = mmap len 4p off 24p prot rw shared
write a 1
write a+3p 4
read a by ptrace
write a+1p 7 by mem
read a+1p
ioctl 0x703
read a+3p
b = mmap len 2p off 26p prot rw private
read b
c = mmap len 2p off 26p prot r private
read c
== behind
open rw
a = mmap len 1p off 32p prot rw shared
read a
c = mmap len 2p off 3p prot rw private
write c 1
read c
fork child
in child: write c+1p 4
read c+1p
d = mmap len 2p off 8p prot rw private
== debugger
open rw
a = mmap len 2p prot rw shared
read a by ptrace
write a 3 by ptrace
read a by mem
read a+4094 by mem
write a+1p 6 by process_vm
mprotect a prot r
write a 3 by mem
mprotect a prot none
read a by ptrace
munmap a
read a by ptrace
@ gates
== opens
open rw
a = mmap len 4p prot rw shared
read a
munmap a+1p len 1p
read a
read a+4
read a+8
read a+12
ioctl 0x802
fork child
read a
in child: munmap a
read a
ioctl 0x802
close
munmap a+2p
read a
== holds
open rw
ioctl 0x801 1
a = mmap len 4p prot rw shared
munmap a+1p len 1p
mprotect a+2p len 1p prot r
madvise a len 1p dontfork
mremap a len 2p
mremap a old 1p len 1p maymove
mlock a len 1p
ioctl 0x803 3
munmap a
ioctl 0x802
== stays
open rw
n = mmap len 10p prot none private anonymous
ioctl 0x801 2
a = mmap len 2p prot rw shared fixed at n
write a 100
mremap a len 2p fixed at n+5p
read a
ioctl 0x803 4
ioctl 0x803 0
ioctl 0x802
mremap a len 3p maymove
mremap a old 0 len 2p maymove
ioctl 0x801 0
mremap a len 2p fixed at n+5p
read n+5p
ioctl 0x802
== protects
open rw
ioctl 0x801 4
a = mmap len 3p prot rw shared
mprotect a prot r
mprotect a+1p len 1p prot none
ioctl 0x803 5
ioctl 0x801 8
mprotect a prot rw
mprotect a prot r
write a 1
mprotect a prot rw
mprotect a+1p len 1p prot none
ioctl 0x802
mprotect a prot rx
read a+1p
ioctl 0x802
== unmapped-remnants
open rw
n = mmap len 12p prot none private anonymous
a = mmap len 4p prot rw shared fixed at n+4p
b = mmap len 2p off 1p prot rw private fixed at n+5p
write b 7
read n+6p
read n+4p
ioctl 0x802
c = mmap len 12p prot none private anonymous fixed at n
ioctl 0x802
== dontunmap
open rw
a = mmap len 2p prot rw shared
write a+1p 3
b = mremap a len 2p maymove dontunmap
read b+1p
read a+1p
ioctl 0x802
ioctl 0x803 0
munmap a
read b
ioctl 0x801 2
c = mremap b len 2p maymove dontunmap
ioctl 0x802
== exits
f = open rw
a = mmap len 4p prot rw private
write a 5
write a+2p 6
fork child
in child: mremap a len 6p maymove
in child: read a+5p
close f
in child: exit
read a
mprotect a+1p len 2p prot r
exit
== threads
open rw
a = mmap len 4p prot rw shared
thread t
in t: mprotect a+1p len 1p prot r
ioctl 0x802
in t: munmap a
ioctl 0x802
in t: exit
b = mmap len 1p prot rw shared
read b
@ crumbs
== kinds
open rw
a = mmap len 4p prot rw shared
read a
ioctl 0x903 0
ioctl 0x903 1
b = mmap len 4p off 8p prot rw shared
read b+3p
ioctl 0x904 0
ioctl 0x904 3
c = mmap len 5p off 16p prot rw shared
write c+3p 1
read c+4p
d = mmap len 4p off 24p prot rw shared
write d+2p 4
munmap d
== readers
open rw
a = mmap len 1p prot r shared
ioctl 0x903 0
b = mmap len 2p prot r shared
c = mmap len 4p off 8p prot r shared
ioctl 0x904 0
d = mmap len 4p off 16p prot r private
mprotect d prot rw
write d 9
e = mmap len 5p off 16p prot r shared
g = mmap len 4p off 24p prot r shared
ioctl 0x903 0
read g+1p
== tail-of-plain
open rw
a = mmap len 2p off 1p prot rw shared
read a
munmap a
ioctl 0x903 1
== splits-mapped
open rw
a = mmap len 4p off 32p prot rw shared
read a
ioctl 0x901
read a+1p
read a
ioctl 0x901
fork child
in child: read a+2p
in child: write a 1
munmap a
== splits-first
open rw
ioctl 0x901
a = mmap len 4p off 32p prot rw private
read a+3p
write a+3p 1
b = mmap len 4p off 32p prot r shared
read b+2p
madvise b dontneed
read b+2p
== gives-back
open rw
a = mmap len 4p off 40p prot rw shared
read a
read a+1p
ioctl 0x902 0
ioctl 0x902 0
read a
read a+2p
munmap a len 1p
ioctl 0x902 1
write a+1p 3
read a+1p
madvise a+1p dontneed
read a+1p
== gives-back-private
open rw
a = mmap len 3p off 40p prot rw private
write a 1
read a+1p
ioctl 0x902 0
ioctl 0x902 1
read a
read a+1p
fork child
in child: write a+1p 8
exit
in child: read a+1p
== compound-copies
open rw
a = mmap len 4p off 8p prot rw private
read a
read a+3p
write a+1p 3
fork child
in child: write a+3p 4
write a+3p 5
ioctl 0x904 0
in child: munmap a
ioctl 0x904 0
madvise a dontneed
ioctl 0x904 0
read a+1p
p = pin a+2p len 1p
munmap a
ioctl 0x904 2
unpin p
@ stumble
== pages-then-error
open rw
ioctl 0xa01 1
a = mmap len 2p prot rw shared
ioctl 0xa02 0
ioctl 0xa03 0
ioctl 0xa01 0
a = mmap len 2p prot rw shared
ioctl 0xa02 0
ioctl 0xa03 1
read a+1p
munmap a+1p
ioctl 0xa02 1
== over-another
open rw
n = mmap len 6p prot rw private anonymous
write n+2p 4
ioctl 0xa01 1
a = mmap len 3p prot rw shared fixed at n+1p
read n+2p
read n
read n+5p
ioctl 0xa01 2
b = mmap len 2p prot rw shared fixed at n
ioctl 0xa01 11
c = mmap len 2p prot rw shared fixed at n+4p
read n+4p
== gives-away
open rw
ioctl 0xa01 3
a = mmap len 2p prot rw shared
a = mmap len 2p prot rw shared
ioctl 0xa02 0
ioctl 0xa02 2
== frees
open rw
ioctl 0xa01 4
a = mmap len 2p prot rw shared
ioctl 0xa01 0
b = mmap len 2p prot rw shared
== operations
open rw
ioctl 0xa01 5
a = mmap len 2p prot rw shared
ioctl 0xa01 6
b = mmap len 2p prot rw shared
read b
== zapped
open rw
ioctl 0xa01 7
a = mmap len 3p prot rw shared
read a+1p
read a
read a+2p
write a 6
fork child
in child: read a+2p
b = mmap len 2p prot rw private
read b
write b 5
read b
== twice
open rw
ioctl 0xa01 8
a = mmap len 2p prot rw shared
ioctl 0xa02 2
ioctl 0xa02 1
ioctl 0xa01 9
b = mmap len 3p prot rw shared
read b
read b+2p
ioctl 0xa02 2
fork child
in child: write b 9
read b
== flag-taken
open rw
ioctl 0xa01 10
a = mmap len 3p prot rw shared
read a+2p
ioctl 0xa02 2
fork child
in child: read a+2p
ioctl 0xa02 2
munmap a+1p
ioctl 0xa02 2
== put-again
open rw
ioctl 0xa01 12
a = mmap len 2p prot rw shared
read a
read a+1p
fork child
in child: read a
madvise a dontneed
mremap a len 1p
== put-again-private
open rw
ioctl 0xa01 12
a = mmap len 2p prot rw private
== too-short
open rw
a = mmap len 1p prot rw shared
ioctl 0xa01 10
a = mmap len 2p prot rw private
write a+1p 1
read a+1p
ioctl 0xa02 2
read a
write a 4
munmap a
@ veil
== epochs
open rw
a = mmap len 6p prot rw shared
read a
read a+4p
read a+5p
ioctl 0xb01
read a
write a 5
ioctl 0xb05 1
ioctl 0xb02
write a+1p 1
read a+1p
ioctl 0xb04
write a+1p 2
read a+1p
ioctl 0xb04
ioctl 0xb03 0
read a
read a+1p
== copies
open rw
a = mmap len 6p prot rw private
b = mmap len 6p prot r shared
write a 0x31
read a+1p
read b
ioctl 0xb01
read a
read a+1p
read b
ioctl 0xb02
read a
write a+1p 0x32
ioctl 0xb03 1
read a+1p
read b+1p
mprotect b prot rw
write b+5p 1
== forked-epochs
open rw
a = mmap len 3p prot rw private
write a 1
fork child
in child: write a 2
in child: read a+1p
ioctl 0xb02
read a
in child: read a
in child: ioctl 0xb01
write a+2p 7
in child: read a+2p
exit
in child: write a 4
== refusals
open rw
ioctl 0xb04
ioctl 0xb04
a = mmap len 6p prot rw shared
read a
write a 1
write a+1p 1
write a 1 by syscall
write a 1 by mem
write a+2p 1 by process_vm
madvise a len 2p populate_write
madvise a len 2p populate_read
pread len 1 into a
p = pin a len 1p write
== renewals
open rw
ioctl 0xb04
ioctl 0xb04
ioctl 0xb04
a = mmap len 6p prot rw shared
b = mmap len 2p prot rw private
write b 3
read a
write a 1
read b
ioctl 0xb04
write a+5p 1
madvise a len 6p populate_write
mremap a len 3p
mremap a len 3p maymove
msync a sync
== moved-veil
open rw
n = mmap len 16p prot none private anonymous
a = mmap len 4p off 1p prot rw shared fixed at n
write a 1
mremap a+1p old 2p len 2p fixed at n+8p
read n+8p
ioctl 0xb03 2
read n+8p
read n+9p
remap_file_pages a len 1p off 5p
read a
ioctl 0xb03 5
read a
munmap n
@ estate
== leases
open rw
ioctl 0xc01 4
ioctl 0xc01 3
a = mmap len 4p prot rw shared
write a 1
read a+3p
b = mmap len 4p off 4p prot rw shared
b = mmap len 3p off 4p prot rw shared
ioctl 0xc02 1
read a+1p
read a
ioctl 0xc02 1
ioctl 0xc03
c = mmap len 2p off 0x100p prot rw shared
read c
read c+1p
== taken
open rw
ioctl 0xc01 2
a = mmap len 2p off 0x100p prot rw shared
write a 5
write a+1p 6
ioctl 0xc02 0
read a
ioctl 0xc01 1
read a
munmap a+1p
b = mmap len 2p off 0x100p prot rw private
write b 8
ioctl 0xc02 0
read b
== holes
open rw
a = mmap len 3p off 0x200p prot rw shared
write a 1
read a+2p
fork child
in child: read a
in child: read a+1p
mremap a len 2p
mremap a len 3p maymove
b = mmap len 2p off 0x20fp prot rw shared
b = mmap len 1p off 0x20fp prot r private
read b
open ro
c = mmap len 1p off 0x20fp prot r private
read c
== too-big
open rw
ioctl 0xc01 17
ioctl 0xc01 16
ioctl 0xc01 1
a = mmap len 16p prot rw private
write a+15p 1
fork child
in child: write a+15p 2
read a+15p
in child: read a+14p
munmap a+8p
read a
mremap a len 8p maymove
mprotect a len 1p prot none
read a
@ debts
== right
open rw
a = mmap len 1p prot rw shared
write a 1
ioctl 0xd01 0
fork child
in child: write a 2
ioctl 0xd01 0
b = mmap len 1p prot rw private
write b 4
ioctl 0xd01 0
munmap a
ioctl 0xd01 0
== none-taken
open rw
a = mmap len 1p off 1p prot rw shared
read a
ioctl 0xd01 1
ioctl 0xd02 1
munmap a
ioctl 0xd01 1
== none-taken-lost
open rw
a = mmap len 2p off 1p prot r shared
read a
== too-many
open rw
a = mmap len 1p off 2p prot rw shared
read a
write a 1
ioctl 0xd01 2
b = mmap len 1p off 2p prot rw private
read b
write b 1
ioctl 0xd01 2
== by-close
open rw
ioctl 0xd02 3
ioctl 0xd02 3
a = mmap len 2p off 2p prot rw shared
write a+1p 1
ioctl 0xd01 3
fork child
ioctl 0xd01 3
munmap a len 1p
ioctl 0xd01 3
in child: exit
ioctl 0xd01 3
== by-writing
open rw
ioctl 0xd02 4
a = mmap len 1p off 4p prot rw shared
read a
write a 1
ioctl 0xd01 4
mprotect a prot r
mprotect a prot rw
write a 1
ioctl 0xd01 4
munmap a
== turns
open rw
a = mmap len 2p off 5p prot rw shared
read a
madvise a dontneed
read a
madvise a dontneed
write a 8
b = mmap len 1p off 5p prot rw private
read b
write b 1
madvise b dontneed
read b
fork child
in child: read a
in child: read a
== own-pages
open rw
a = mmap len 2p off 6p prot rw shared
write a 1
write a+1p 2
fork child
in child: read a
in child: read a+1p
read a
madvise a dontneed
read a
b = mmap len 1p off 6p prot rw private
write b 3
read b
mremap a len 1p
@ tandem
== rides
open rw
a = mmap len 4p prot rw shared
read a
ioctl 0xe01 5
read a
read a+3p
write a+1p 7
write a+2p 8
write a+3p+4 9
ioctl 0xe01 6
fork child
in child: read a
in child: read a+1p
in child: read a+3p
in child: write a+2p 1
read a+2p
== doorbell
open rw
a = mmap len 4p prot rw shared
ioctl 0xe02
read a+3p
ioctl 0xe03
write a+3p 1
ioctl 0xe02
ioctl 0xe02
munmap a+3p
ioctl 0xe02
== doorbell-child
open rw
a = mmap len 4p prot rw shared
fork child
ioctl 0xe02
in child: ioctl 0xe02
in child: read a+3p
in child: ioctl 0xe03
in child: exit
ioctl 0xe02
read a+3p
== readers
open rw
a = mmap len 4p prot r private
read a
read a+1p
mprotect a prot rw
fork child
in child: read a+3p
mremap a len 2p
mremap a len 5p maymove
read a+2p
b = mmap len 4p prot rw private
c = mmap len 5p prot r shared
== moves
open rw
n = mmap len 16p prot none private anonymous
a = mmap len 4p prot rw shared fixed at n
write a+1p 3
mremap a len 6p maymove
mremap a len 4p fixed at n+8p
read n+9p
ioctl 0xe02
read n+11p
munmap n+9p len 1p
read n+8p
read n+10p
madvise n+10p len 1p dontneed
read n+10p
mlock n+8p len 1p
`);
