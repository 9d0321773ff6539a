/** Whole drivers with states, tables and windows, and chance orders of what programs do with ordinary devices. */
import type { KernelScenario } from './scenario.ts';
import { scenariosOf } from './told.ts';

export const orderlyDevices: readonly KernelScenario[] = scenariosOf(`
@ sysreg
== registers
open rw
a = mmap len 2p prot rw shared
read a
write a+4 0x10
ioctl 0x101 1
read a+4
ioctl 0x102 0
ioctl 0x103
ioctl 0x104
ioctl 0x105
b = mmap len 3p prot rw shared
c = mmap len 1p off 1p prot rw shared
d = mmap len 4p off 0x10p prot rw shared
write d+3p 7
read d+3p
e = mmap len 5p off 0x10p prot rw shared
fork child
in child: read d+3p
in child: read a
munmap d+1p len 1p
mremap a len 2p maymove fixed at d+16p
== kinds
open rw
a = mmap len 1p prot rw private
read a
write a 3
ioctl 0x102 0
b = mmap len 2p prot rw private
write b 4
read b
b = mmap len 2p off 0x10p prot r shared
mprotect b prot rw
write b 2
read b by mem
msync b sync
madvise b dontneed
mlock b
@ table-view
== rows
open rw
a = mmap len 2p prot r shared
pwrite { u32 7, u8 1, u8 0, u16 0, u64 100, u32 3, u8 2, u8 0, u16 0, "abc", zero 5, u32 9, u8 3, u8 0, u16 0, u32 5, u32 6 }
read a
read a+4
read a+8
ioctl 0x103
ioctl 0x102 9
ioctl 0x101
read a+4
read a+8
ioctl 0x102 9
ioctl 0x102 9
read a+46 len 2
ioctl 0x102 4
ioctl 0x104 7
read a
read a+24
ioctl 0x103
ioctl 0x105
== limits
open rw
pwrite { u32 7, u8 4, u8 0, u16 0, u64 100 }
pwrite { u32 7, u8 1, u8 0, u16 0, u64 100, u32 7, u8 1, u8 0, u16 0, u64 100 }
pwrite { u32 7, u8 1, u8 0, u16 0 }
n = mmap len 4p prot rw private anonymous
pwrite from n len 16
pwrite from n+4p-16 len 32
a = mmap len 3p prot rw shared
a = mmap len 3p prot r shared
read a
read a+2p
mprotect a prot rw
mprotect a prot rx
write a 1 by mem
b = mmap len 1p off 1p prot r private
read b
fork child
in child: pwrite { u32 1, u8 3, u8 0, u16 0, u32 0xffffffff, u32 6 }
read a
ioctl 0x103
@ many-minors
== sparse
open rw
a = mmap len 8p prot rw shared
write a+5p 1
read a
ioctl 0x102
pwrite "hello" off 0x2ffe
read a+2p
read a+2p+4092
read a+3p
read a+4p
ioctl 0x102
pread len 8 off 0x7000
ioctl 0x103 3
read a+2p+4092
pread len 8 off 0x2ffc
ioctl 0x105
ioctl 0x101 8
read a+5p
madvise a populate_write
ioctl 0x102
mremap a len 10p maymove
read a+9p
== files
f = open rw
g = open rw
a = mmap len 2p prot rw shared of f
b = mmap len 3p prot rw private of g
write a 4
write b 5
write b+2p 6
ioctl 0x104 of f
pread len 4 of g
read b+1p
ioctl 0x104 of f
ioctl 0x105 of g
munmap b
close g
ioctl 0x104 of f
fork child
in child: write a+1p 9
ioctl 0x102 of f
in child: exit
ioctl 0x102 of f
lseek 0 end of f
lseek 4094
pwrite "abcd"
read a+1p
read a+4094 len 2
lseek 0 cur
pread len 4 into a+1p
read a+1p
== merges
open rw
a = mmap len 2p prot rw shared at 0x20000000
b = mmap len 2p off 2p prot rw shared fixed at 0x20002000
c = mmap len 1p off 3p prot rw shared fixed at 0x20004000
ioctl 0x102
write b 1
munmap a+1p len 2p
read b+1p
ioctl 0x102
mprotect a prot none
read a
mprotect a prot rw
read a
mlock a
munlock a
ioctl 0x103 0
read b+1p
@ locked-state
== story
open rw
a = mmap len 1p prot rw shared
ioctl 0x40286d01 { u32 2, u32 3, u64 0x1000, "first", zero 7, u32 0, u64 0 }
ioctl 0x40206d01 { u32 2, u32 3, u64 0x1000, "first", zero 7, u32 0 }
ioctl 0x6d02
ioctl 0x6d07
a = mmap len 3p prot rw shared
read a+1p
write a+2p 5
ioctl 0x40206d01 { u32 2, u32 3, u64 0x2000, "first", zero 7, u32 0 }
ioctl 0x6d04
read a+1p
b = mmap len 3p prot rw shared
ioctl 0x6d05
munmap a
ioctl 0x6d05
ioctl 0x6d07
ioctl 0x6d03
ioctl 0x6d09
== owners
f = open rw
g = open rw
ioctl 0x40206d01 { u32 2, u32 2, u64 0x1000, "name", zero 8, u32 0 } of f
a = mmap len 2p prot rw shared of g
read a
write a 1
ioctl 0x6d02 of f
write a+1p 1
write a 1
ioctl 0x6d03 of g
fork child
in child: read a
close f
ioctl 0x6d07 of g
in child: close f
ioctl 0x6d07 of g
ioctl 0x6d03 of g
b = mmap len 2p off 1p prot r shared of g
b = mmap len 1p off 1p prot r private of g
read b
ioctl 0x6d06 0 of g
== checks
open rw
ioctl 0x40206d01 { u32 1, u32 3, u64 0x1000, zero 12, u32 0 }
ioctl 0x40206d01 { u32 2, u32 17, u64 0x1000, zero 12, u32 0 }
ioctl 0x40206d01 { u32 2, u32 3, u64 0x1000, "twelve chars", u32 0 }
ioctl 0x40206d01 0
ioctl 0x40206d01 { u32 2, u32 3, u64 0x1000, zero 12, u32 0 }
ioctl 0x40206d01 { u32 2, u32 2, u64 0x3000, zero 12, u32 0 }
a = mmap len 2p prot r shared
read a+1p len 8
mprotect a prot rw
write a 1
mprotect a+1p len 1p prot r
munmap a len 1p
ioctl 0x6d07
mremap a+1p old 1p len 1p maymove fixed at a+64p
ioctl 0x6d07
ioctl 0x6d05
@ page-store
~~ 4 0 shared rw k 4
~~ 5 1 private rw k 4
@ insert-bulk
~~ 6 0 shared rw k 4
~~ 4 0x100 private rw k 4
@ compound-map
~~ 5 1 shared rw k 3
~~ 4 0x102 shared rw k 3
~~ 4 0x200 private rw k 3
~~ 6 0x300 shared rw k 3
@ uio-lite
~~ 3 1 shared rw k 4
~~ 2 0 shared rw k 3
~~ 2 2 private rw k 3
@ fault-mixed
~~ 5 0 shared rw k 4
~~ 5 1 private rw k 4
@ mremap-hook
~~ 4 0 shared rw k 4
~~ 6 0 private rw k 3
@ access-window
~~ 4 0 shared rw k 4
~~ 4 0 private r k 3
@ fb-plain
~~ 4 0 shared rw k 3
@ dirty-track
~~ 4 0 shared rw k 4
~~ 4 1 private rw k 3
@ leaky-counts
~~ 2 0 shared rw k 2
@ one-page
~~ 1 0 shared rw k 3
~~ 1 0 private rw k 3
@ seek-window
~~ 4 1 shared r k 3
@ many-minors
~~ 4 0 shared rw k 4
~~ 4 2 private rw k 3
`);
