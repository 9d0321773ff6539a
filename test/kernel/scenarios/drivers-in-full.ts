/** Whole drivers, each of another kind, and what programs do with them. Long because it is one list. */
import type { KernelScenario } from './scenario.ts';
import { scenariosOf } from './told.ts';

export const driversInFull: readonly KernelScenario[] = scenariosOf(String.raw`
@ offset-book
== makes
open rw
ioctl 0xc0104201 { u32 5000, u32 0, u64 0 }
a = mmap len 2p off 0x100000 prot rw shared
read a len 6
write a+1p 7
ioctl 0xc0184202 { u32 1, u32 0, u64 0, zero 8 }
b = mmap len 1p off 0x100000 prot r shared
read b
c = mmap len 3p off 0x100000 prot r shared
d = mmap len 1p off 0x100000 prot r shared
== dropped-while-mapped
open rw
ioctl 0xc0104201 { u32 8192, u32 0, u64 0 }
a = mmap len 2p off 0x100000 prot rw shared
write a 5
ioctl 0x40044203 { u32 1 }
ioctl 0x40044203 { u32 1 }
ioctl 0x4204
read a
munmap a+1p
ioctl 0x4204
fork child
munmap a
ioctl 0x4204
in child: exit
ioctl 0x4204
b = mmap len 2p off 0x100000 prot rw shared
== many
f = open rw
g = open rw
ioctl 0xc0104201 { u32 1, u32 0, u64 0 } of f
ioctl 0xc0104201 { u32 1, u32 0, u64 0 } of f
ioctl 0xc0104201 { u32 1, u32 0, u64 0 } of f
ioctl 0xc0104201 { u32 1, u32 0, u64 0 } of f
ioctl 0xc0104201 { u32 1, u32 0, u64 0 } of f
ioctl 0x40044203 { u32 2 } of f
ioctl 0xc0104201 { u32 1, u32 0, u64 0 } of f
a = mmap len 1p off 0x300000 prot r shared of f
b = mmap len 1p off 0x300000 prot r shared of g
read a len 6
ioctl 0x4204 of g
close f
ioctl 0x4204 of g
read a len 6
== refuses
open rw
ioctl 0xc0104201 { u32 0, u32 0, u64 0 }
ioctl 0xc0104201 { u32 0x11000, u32 0, u64 0 }
ioctl 0xc0104201 0
ioctl 0xc0184202 { u32 1, zero 20 }
ioctl 0x40044203 8
ioctl 0x1234
a = mmap len 1p prot r shared
a = mmap len 1p off 0x100000 prot r shared
== moved
open rw
ioctl 0xc0104201 { u32 4p, u32 0, u64 0 }
a = mmap len 4p off 0x100000 prot rw shared
write a+2p 9
mprotect a+1p len 1p prot r
mremap a+2p old 2p len 2p maymove fixed at a+16p
read a+16p
ioctl 0xc0184202 { u32 1, zero 20 }
close
madvise a len 1p dontneed
read a len 6
== private
open rw
ioctl 0xc0104201 { u32 2p, u32 0, u64 0 }
a = mmap len 2p off 0x100000 prot rw private
write a "changed"
b = mmap len 2p off 0x100000 prot r shared
read b len 7
madvise a dontneed
read a len 6
read a+1p
@ command-line
== orders
open rw
pwrite "set 0 0x12ab\n"
pwrite "  set   3\t7 "
pread len 80 off 0
a = mmap len 1p prot r shared
read a len 8
read a+24 len 16
pwrite "fill 4 8 ff"
read a+40 len 8
pwrite "copy 3 10"
read a+88 len 8
pread len 80 off 0
== refuses
open rw
pwrite ""
pwrite "   "
pwrite "jump 1"
pwrite "set 1"
pwrite "set 1 2 3"
pwrite "set x 2"
pwrite "set 64 2"
pwrite "set 1 0x100000000"
pwrite "set -1 2"
pwrite "fill 5 4 0"
pwrite "fill 0x1 4 0"
pwrite "copy a 0"
pwrite "copy 61 0"
pwrite from 0 len 8
a = mmap len 1p prot r shared
read a len 8
== modes
open rw
a = mmap len 1p prot rw shared
pwrite "mode ro"
pwrite "set 0 1"
pwrite "mode rx"
b = mmap len 1p prot rw shared
b = mmap len 1p prot r shared
mprotect b prot rw
write a+24 77
pread len 80 off 0
pwrite "mode rw"
c = mmap len 1p prot r shared
mprotect c prot rw
read b+24
== names
open rw
pread len 80 off 0
pwrite "name left-hand"
pread len 80 off 0
pwrite "name a-name-that-is-much-too-long"
a = mmap len 1p prot r shared
read a+8 len 16
read a+4
pread len 10 off 10
pread len 10 off 70
== shapes
open rw
a = mmap len 2p prot r shared
a = mmap len 1p off 1p prot r shared
a = mmap len 1p prot rw private
write a+24 5
pwrite "set 0 6"
read a+24
b = mmap len 1p prot r shared
read b+24
mremap b len 2p maymove
lseek 0 end
lseek 4
pread len 8
@ generations
== writes
open rw
a = mmap len 1p prot r shared
read a
pwrite "second" off 0
read a len 6
ioctl 0x103
read a len 6
ioctl 0x101
ioctl 0x102
ioctl 0x105
pwrite "x" off 4095
pwrite "y" off 4096
pread len 8 off 4092
ioctl 0x102
== resets
open rw
pwrite "abc"
pwrite "def"
pread len 8 off 0
lseek 0
pread len 3
ioctl 0x104
pread len 8 off 0
ioctl 0x101
ioctl 0x102
a = mmap len 2p prot r shared
read a
read a+1p
== rights
open rw
a = mmap len 1p prot rw shared
a = mmap len 1p prot rw private
a = mmap len 1p prot r private
mprotect a prot rw
pwrite "1" off 0
read a
pwrite "2" off 0
read a
ioctl 0x103
read a
== seeks
open rw
lseek 4 end
lseek -4 end
pwrite "tail-and-more"
lseek 0 cur
lseek 5000
lseek 4096
pread len 4
pwrite "z"
ioctl 0x101
ioctl 0x102
lseek 4090
pread len 100
== bad-memory
open rw
pwrite from 0 len 4 off 0
ioctl 0x101
ioctl 0x102
b = mmap len 1p prot rw private anonymous
write b+4092 "tail"
pwrite from b+4092 len 4 off 0
pread len 8 off 0
ioctl 0x101
pread len 8 off 0 into 0
== many
f = open rw
g = open rw
a = mmap len 1p prot r shared of f
pwrite "one" off 0 of f
read a len 3
b = mmap len 1p prot r shared of g
pwrite "two" off 0 of g
read b len 3
read a len 3
ioctl 0x102 of f
ioctl 0x103 of g
read b len 3
fork child
in child: read a len 3
@ soc-block
== registers
open rw
ioctl 0x101 0
ioctl 0x101 4
ioctl 0x101 0x1000
ioctl 0x101 2
ioctl 0x103
a = mmap len 1p prot rw shared
read a
read a+4
write a+8 0x99
ioctl 0x101 8
ioctl 0x102 0x710000
read a
== buffer
open rw
b = mmap len 2p off 16p prot rw shared
read b len 18
ioctl 0x104 0x5a
ioctl 0x102 0x310000
ioctl 0x104 0x5a
read b+1p
write b 4
c = mmap len 1p off 23p prot r shared
read c
== bounds
open rw
a = mmap len 2p prot rw shared
a = mmap len 1p off 1p prot rw shared
b = mmap len 8p off 16p prot r shared
b = mmap len 9p off 16p prot r shared
c = mmap len 1p off 24p prot r shared
ioctl 0x102 0xffd
ioctl 0x102 0x20ffc
ioctl 0x101 0xffc
== forked
open rw
a = mmap len 1p prot rw shared
b = mmap len 2p off 16p prot rw shared
fork child
in child: read a+4
in child: read b
mremap b len 3p maymove
madvise b dofork
fork other
in other: read b
== private
open rw
a = mmap len 1p prot rw private
b = mmap len 2p off 16p prot rw private
write b "priv"
c = mmap len 2p off 16p prot r shared
read c len 4
mprotect b+1p prot r
== moved
open rw
b = mmap len 8p off 16p prot rw shared
munmap b+2p len 2p
write b+4p 7
mremap b+4p old 2p len 2p maymove fixed at b+32p
read b+32p
read b+4p
read b+7p by mem
@ packer
== packs
open rw
pwrite { u8 3, u8 9, u16 0x102, u32 0, u64 0x1234567890 }
a = mmap len 1p prot rw shared
read a+4
read a+8 len 8
read a+16 len 8
read a+24 len 8
ioctl 0x101 0
ioctl 0x101 3
ioctl 0x102 13
ioctl 0x103
ioctl 0x104
== refuses
open rw
pwrite "short"
pwrite { u8 16, u8 0, u16 1, u32 0, u64 0 }
pwrite { u8 1, u8 0, u16 1, u32 0, u64 0x10000000000 }
pwrite { u8 1, u8 0, u16 1, u32 1, u64 0 }
pwrite { u8 1, u8 1, u16 0, u32 0, u64 1, u8 1, u8 16, u16 0, u32 0, u64 1 }
pwrite from 0 len 16
a = mmap len 1p prot r shared
read a+16 len 8
read a+24 len 8
a = mmap len 2p prot r shared
== wraps
open rw
pwrite { u8 1, u8 1, u16 1, u32 0, u64 1, u8 2, u8 2, u16 2, u32 0, u64 2, u8 3, u8 3, u16 3, u32 0, u64 3 }
pwrite { u8 4, u8 4, u16 4, u32 0, u64 4, u8 5, u8 5, u16 5, u32 0, u64 5, u8 6, u8 6, u16 6, u32 0, u64 6 }
pwrite { u8 15, u8 15, u16 0xffff, u32 0, u64 7, u8 15, u8 8, u16 8, u32 0, u64 8, u8 15, u8 9, u16 9, u32 0, u64 9 }
ioctl 0x103
ioctl 0x104
a = mmap len 1p prot r private
read a+4 len 8
read a+16 len 8
read a+112 len 8
read a+120 len 8
== numbers
open rw
ioctl 0x105 7
ioctl 0x105 0xffffffff
ioctl 0x106 1000
ioctl 0x107 100
ioctl 0x108 1000
ioctl 0x108 0xfffffff9
ioctl 0x109 0x800
ioctl 0x109 0x7ff
ioctl 0x10a 0x12ff34
ioctl 0x10b 1000
ioctl 0x10c 100
ioctl 0x10d 0xffffffd0
ioctl 0x10d 12
@ event-log
== records
f = open rw nonblock
ioctl 0x102
pread len 10
pwrite "first"
pwrite "the second"
ioctl 0x102
poll
pread len 4
pread len 5
pread len 64
pread len 64
ioctl 0x104
poll
== readers
f = open ro
g = open wo
h = open rw
ioctl 0x101 of f
a = mmap len 1p prot r shared of f
read a+16
close h
read a+16
pwrite "note" of g
read a len 8
read a+20
read a+24 len 4
pread len 8 of f
pread len 8 of f
ioctl 0x104 of g
ioctl 0x104 of f
== fills
open rw nonblock
pwrite "0123456789012345678901234567890123456789"
pwrite "0123456789012345678901234567890123456789"
ioctl 0x102
pwrite "0123456789012345678901234567890123456789012345678901234567890"
pwrite "0123456789012345678901234567890123456789"
ioctl 0x102
pwrite "01234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789"
ioctl 0x103
ioctl 0x103
poll
ioctl 0x105
poll
== mapped
open rw
pwrite "abc"
pwrite "defg"
a = mmap len 2p prot r shared
read a+24 len 6
read a+8 len 8
mprotect a prot rw
a = mmap len 2p prot rw shared
a = mmap len 1p off 2p prot r shared
lseek 0 end
pread len 8 off 3
b = mmap len 1p off 1p prot r private
read b
@ export-buffer
== words
open rw
ioctl 0x103 0
a = mmap len 1p prot rw shared
ioctl 0x101 3
ioctl 0x101 3
ioctl 0x103 0
ioctl 0x103 1024
ioctl 0x103 3072
a = mmap len 3p prot rw shared
read a
write a+1p 0x77
ioctl 0x103 1024
b = mmap len 2p off 1p prot r shared
read b
c = mmap len 3p off 1p prot r shared
== outlives
open rw
ioctl 0x101 2
a = mmap len 2p prot rw shared
write a 5
ioctl 0x102
ioctl 0x104
read a
read a+1p
munmap a+1p
ioctl 0x104
munmap a
ioctl 0x104
ioctl 0x102
== forked
open rw
ioctl 0x101 2
a = mmap len 2p prot rw shared
write a+1p 1
fork child
ioctl 0x102
munmap a
in child: read a+1p
in child: munmap a
ioctl 0x104
== private
open rw
ioctl 0x101 2
a = mmap len 2p prot rw private
a = mmap len 0 prot rw shared
a = mmap len 2p prot r shared
mprotect a prot rw
write a 3
ioctl 0x103 0
== remapped
open rw
ioctl 0x101 4
a = mmap len 4p prot rw shared
read a+3p
b = mremap a old 0 len 2p maymove
write b 4
read a
madvise a dontneed
read a
close
read a+1p
== again
open rw
ioctl 0x101 1
a = mmap len 1p prot r shared
ioctl 0x102
ioctl 0x101 2
b = mmap len 2p prot rw shared
write b 8
read a
ioctl 0x103
ioctl 0x104
@ extents
== faults
open rw
a = mmap len 8p prot rw shared
read a+2p len 8
read a+1p
write a+4p 4
read a+5p
ioctl 0x101 0x105
read a+5p len 8
ioctl 0x103 0x3f00
== drops
open rw
a = mmap len 8p prot rw shared
write a+3p 3
ioctl 0x102 4
ioctl 0x102 4
read a+3p
ioctl 0x101 0x203
read a+3p len 8
read a+4p
ioctl 0x103 0x0402
== refuses
open rw
ioctl 0x101 0x40
ioctl 0x101 0x3f
ioctl 0x101 0x23f
ioctl 0x101 0x13f
ioctl 0x101 0x304
ioctl 0x101 0x202
ioctl 0x102 63
ioctl 0x103 0x3f3f
a = mmap len 8p prot rw private
a = mmap len 2p off 63p prot r shared
a = mmap len 1p off 63p prot r shared
read a
== moved
open rw
a = mmap len 8p prot rw shared
write a+2p 0x22
mremap a+2p old 1p len 1p maymove fixed at a+20p
read a+20p
ioctl 0x102 2
read a+20p
ioctl 0x101 0x102
read a+20p
mremap a len 9p maymove
fork child
in child: read a+3p
== pinned
open rw
a = mmap len 8p prot rw shared
read a+2p by mem
write a+2p 5 by mem
read a+2p
pread len 8 into a
mlock a+2p len 1p
madvise a+2p len 2p dontneed
read a+2p
@ sampler
== blocks
open rw
pread len 4
== cancel
open rw
ioctl 0x102
ioctl 0x101
pwrite { u32 9 }
ioctl 0x102
ioctl 0x102
ioctl 0x103
== denied
open ro
a = mmap len 1p off 0 prot rw private
b = mmap len 1p off 0 prot r private
mprotect b prot rw
write b+8 3
read b+8
pwrite "1234"
c = mmap len 1p off 0 prot r shared
mprotect c prot rw
== flush
open rw
a = mmap len 2p off 0 prot r shared
pwrite { u32 5, u32 6 }
ioctl 0x101
ioctl 0x101
read a len 8
read a+12
read a+16 len 8
poll
pread len 12
poll
read a+4
== forked
open rw
a = mmap len 2p off 0 prot r shared populate
fork child
in child: pwrite { u32 8 }
in child: ioctl 0x101
read a+24
in child: read a
munmap a+1p len 1p
read a+1p
lseek 4
pread len 4 off 4
== late
open rw nonblock
a = mmap len 1p off 0 prot r private
pread len 4
pwrite { u32 1 }
pread len 4
read a+24
ioctl 0x104
ioctl 0x103
== many
open rw
a = mmap len 1p off 0 prot r shared
pwrite { u32 1, u32 2, u32 3, u32 4, u32 5, u32 6, u32 7, u32 8, u32 9, u32 10, u32 11, u32 12, u32 13, u32 14, u32 15, u32 16, u32 17, u32 18, u32 19, u32 20, u32 21, u32 22, u32 23, u32 24, u32 25, u32 26, u32 27, u32 28, u32 29, u32 30, u32 31, u32 32, u32 33 }
ioctl 0x101
read a len 24
read a+24 len 16
pread len 256
pwrite { u32 77 }
ioctl 0x101
pread len 4
== odd
open rw
pwrite "abc"
pwrite "abcdefgh"
ioctl 0x101
pread len 3
pread len 4
a = mmap len 3p off 0 prot r shared
a = mmap len 1p off 2p prot r shared
a = mmap len 1p off 1p prot r shared
read a
mprotect a prot rw
write a 1
@ text-screen
== prints
open rw
a = mmap len 1p prot r shared
pwrite "Hello\nworld\ttab\x0dW"
read a len 10
read a+80 len 24
ioctl 0x80047302
pwrite "\x08\x08\x08!"
read a+80 len 4
ioctl 0x80047302
== wraps
open rw
pwrite "0123456789012345678901234567890123456789ab"
a = mmap len 1p prot r shared
read a+78 len 6
ioctl 0x80047302
pwrite "\n\n\n\n\n\n\n\n\n\n\nlast"
ioctl 0x80047302
read a+880 len 10
read a len 8
== escapes
open rw
a = mmap len 1p prot r shared
pwrite "\x1b[31mred\x1b[m plain"
read a len 16
pwrite "\x1b[5;10Hx"
read a+338 len 2
ioctl 0x80047302
pwrite "\x1b[2A\x1b[99C"
ioctl 0x80047302
pwrite "\x1b[Jz"
read a len 4
read a+338 len 2
pwrite "\x1bQy\x1b[7;8;9Hq"
ioctl 0x80047302
== cursor
open rw
ioctl 0x40047301 { u16 39, u16 11 }
ioctl 0x40047301 { u16 40, u16 0 }
ioctl 0x40047301 { u16 0xffff, u16 0 }
ioctl 0x40047301 16
ioctl 0x80047302
pwrite "zz"
ioctl 0x80047302
a = mmap len 1p prot rw shared
read a+878 len 4
ioctl 0x7303 1
read a+798 len 4
ioctl 0x7303 20
read a+798 len 4
write a "direct"
read a len 6
ioctl 0x7304
== shapes
open rw
a = mmap len 2p prot r shared
a = mmap len 1p off 1p prot r shared
a = mmap len 1p prot rw private
write a 0x41414141
pwrite "B"
read a
pwrite from 0 len 4
b = mmap len 1p prot rw private anonymous
write b "user"
pwrite from b len 4
c = mmap len 1p prot r shared
read c len 10
@ page-cache
== misses
open rw
a = mmap len 8p prot rw shared
read a len 8
read a+1p
read a
ioctl 0x101
read a+2p
read a+3p
read a+4p
ioctl 0x101
ioctl 0x104
ioctl 0x105
read a
ioctl 0x101
== dirty
open rw
a = mmap len 8p prot rw shared
write a 5
read a+1p
write a+1p 6
ioctl 0x105
ioctl 0x103 0
ioctl 0x102
ioctl 0x103 0
ioctl 0x103 1
read a
ioctl 0x101
== offset
open rw
a = mmap len 4p off 30p prot rw shared
read a
write a+1p 1
read a+2p
a = mmap len 1p off 32p prot r shared
mprotect a prot none
read a
mprotect a prot r
read a
ioctl 0x104
== private
open rw
a = mmap len 6p prot rw private
read a
write a 7
write a+1p 8
ioctl 0x102
read a
read a+2p
fork child
in child: write a+2p 3
read a+2p
ioctl 0x101
== forked
open rw
a = mmap len 6p prot rw shared
write a 1
fork child
in child: read a
in child: write a+5p 2
read a+1p
read a+2p
read a+3p
ioctl 0x101
in child: read a
ioctl 0x103 0
munmap a+1p len 2p
ioctl 0x104
@ mailbox
== sends
f = open rw
g = open rw
ioctl 0x4d00 of f
ioctl 0x4d00 of g
pwrite { u32 11, u16 5, u8 0, u8 0, "hello" } of f
pwrite { u32 11, u16 3, u8 1, u8 0, "now" } of f
ioctl 0x80084d01 { u32 0, u32 0 } of g
ioctl 0x80084d01 { u32 0, u32 0 } of f
a = mmap len 1p prot r shared of g
read a len 8
read a+8 len 8
read a+16 len 5
pread len 2 of g
pread len 16 of g
pread len 16 of g
pread len 16 of g
read a+4
== refuses
f = open rw
pwrite "short"
pwrite { u32 10, u16 5, u8 0, u8 0, "four" }
pwrite { u32 99, u16 0, u8 0, u8 0 }
pwrite from 0 len 8
pwrite { u32 10, u16 0, u8 0, u8 0 }
pwrite { u32 10, u16 1, u8 0, u8 0, "a" }
pwrite { u32 10, u16 1, u8 1, u8 0, "b" }
pwrite { u32 10, u16 1, u8 0, u8 0, "c" }
ioctl 0x80084d01 8
ioctl 0x80084d01 { u32 0, u32 0 }
ioctl 0x4d02
ioctl 0x4d02
ioctl 0x4d07
pread len 4
== numbers
f = open rw
g = open rw
h = open rw
i = open rw
close g
j = open rw
ioctl 0x4d00 of j
pwrite { u32 11, u16 2, u8 0, u8 0, "to" } of f
a = mmap len 1p prot r shared of j
close j
pwrite { u32 11, u16 2, u8 0, u8 0, "xy" } of f
read a+16 len 2
munmap a
pwrite { u32 11, u16 2, u8 0, u8 0, "xy" } of f
== maps
f = open rw
a = mmap len 1p prot rw shared
a = mmap len 2p prot r shared
a = mmap len 1p off 1p prot r shared
a = mmap len 1p prot r private
read a
mprotect a prot rw
fork child
in child: munmap a
pwrite { u32 10, u16 3, u8 0, u8 0, "abc" }
read a+16 len 3
mremap a len 1p maymove fixed at a+8p
read a+8p
@ mirror-pair
== records
open rw
pwrite "abc"
pwrite "defgh"
a = mmap len 4p prot rw shared
read a len 8
read a+8 len 8
read a+2p len 8
ioctl 0x80287240 { zero 40 }
ioctl 0x102 2
pread len 2
pread len 16
pread len 16
poll
== tampered
open rw nonblock
a = mmap len 4p prot rw shared
pwrite "record"
write a+2p+4 0x58
pread len 6
pread len 6
write a+16 "more"
read a+2p+16 len 4
ioctl 0x102 8208
== tunes
open rw
ioctl 0x40147241 { u32 1, u32 8, zero 12 }
pwrite "123456789"
ioctl 0x101
pwrite "12345678"
ioctl 0x40147241 { u32 1, u32 4, zero 12 }
ioctl 0x40147241 { u32 1, u32 0x1001, zero 12 }
ioctl 0x40147241 { u32 4, u32 0, zero 12 }
ioctl 0x40147241 { u32 2, u32 0, "mirror", zero 6 }
ioctl 0x40147241 { u32 2, u32 0, "twelve-bytes" }
ioctl 0x40147241 64
ioctl 0x80287240 { zero 40 }
== wraps
open rw
b = mmap len 1p prot rw private anonymous
write b 0x61 len 2048
pwrite from b len 2040
pwrite from b len 2040
pwrite from b len 2040
pread len 4096
pread len 4096
pwrite from b len 2040
pwrite from b len 100
a = mmap len 4p prot rw shared
read a+6136
read a+8176 len 16
poll
pwrite from b len 2048
pwrite from b len 2048
ioctl 0x101
poll
== shapes
open rw
a = mmap len 2p prot rw shared
a = mmap len 4p prot rwx shared
a = mmap len 4p prot rw private
a = mmap len 4p off 8p prot r shared
mremap a len 8p maymove
munmap a+1p len 1p
read a+2p
read a+3p
pwrite ""
pwrite from 0 len 3
@ linked
== lists
open rw
a = mmap len 1p prot r shared
ioctl 0x101
ioctl 0x102
read a
ioctl 0x103
ioctl 0x104
ioctl 0x106
ioctl 0x107
ioctl 0x108
== taken-out
open rw
ioctl 0x105
ioctl 0x108
ioctl 0x109
ioctl 0x103
ioctl 0x105
ioctl 0x109
ioctl 0x108
== words
open rw
ioctl 0x201 9
ioctl 0x202 9
ioctl 0x202 9
ioctl 0x203 5
ioctl 0x203 4
ioctl 0x403 5
== chains
open rw
a = mmap len 1p prot r shared
ioctl 0x302 1
ioctl 0x301 0
ioctl 0x302 2
ioctl 0x301 1
ioctl 0x302 3
read a+4
ioctl 0x302 4
read a+4
ioctl 0x303 1
ioctl 0x303 1
ioctl 0x302 5
read a+4
== free
open rw
ioctl 0x401 0
ioctl 0x401 2
ioctl 0x401 3
ioctl 0x402
ioctl 0x402
`);
