/** Devices with two sides, one owner, words of all widths and a cache, and more chance orders. */
import type { KernelScenario } from './scenario.ts';
import { scenariosOf } from './told.ts';

export const sidedDevices: readonly KernelScenario[] = scenariosOf(`
@ swap-front
== frames
open rw
a = mmap len 3p prot r shared
read a
read a+1p
pwrite "back" off 0
read a
ioctl 0x101 0
read a
read a+4
pread len 8 off 0
pwrite "abcdef" off 4094
ioctl 0x101 0
read a+4094 len 2
read a+1p
lseek 0x2ffe
pread len 8
pread len 8
pwrite "x"
ioctl 0x104
ioctl 0x102
== privates
open rw
a = mmap len 3p prot rw private
write a 1
read a+1p
ioctl 0x103 0
ioctl 0x101 1
read a
read a+1p
ioctl 0x101 0
read a
read a+1p
b = mmap len 2p off 2p prot rw shared
write b 7
read b+1p
fork child
in child: ioctl 0x101 0
read b
in child: read b
in child: pread len 4 off 0x2000
mremap b len 3p maymove
n = mmap len 1p prot r private anonymous
pread len 4 into n off 0
pwrite from n+1p len 4 off 0
@ one-owner
== owners
f = open rw
g = open rw
a = mmap len 2p prot rw shared of f
a = mmap len 1p prot rw shared of f
b = mmap len 1p prot r shared of f
ioctl 0x101
ioctl 0x102
ioctl 0x106
fork child
ioctl 0x102
in child: munmap a
ioctl 0x101
munmap a
ioctl 0x101
b = mmap len 1p prot r private of f
ioctl 0x105
close f
in child: close f
g = open rw
ioctl 0x102 of g
munmap b
h = open rw
ioctl 0x102 of h
== drops
f = open rw
ioctl 0x103
ioctl 0x104
ioctl 0x103
ioctl 0x103
ioctl 0x104
ioctl 0x103
ioctl 0x101
close f
g = open rw
@ io-words
== widths
open rw
ioctl 0xc0105701 { u32 0, u32 4, u64 0 }
ioctl 0xc0105701 { u32 1, u32 1, u64 0 }
ioctl 0xc0105701 { u32 2, u32 2, u64 0 }
ioctl 0xc0105702 { u32 8, u32 8, u64 0x1122334455667788 }
ioctl 0xc0105701 { u32 12, u32 4, u64 0 }
ioctl 0xc0105702 { u32 16, u32 4, u64 0x01020304 }
ioctl 0xc0105701 { u32 16, u32 1, u64 0 }
ioctl 0xc0105702 { u32 17, u32 2, u64 0 }
ioctl 0xc0105702 { u32 0x2ff9, u32 1, u64 0 }
ioctl 0xc0105702 { u32 3, u32 1, u64 0xff }
a = mmap len 3p prot rw shared
read a len 8
read a+8 len 8
write a+1p 5
pread len 4 off 0x1000
pwrite "hey" off 0x1001
read a+1p
ioctl 0x5704 0xee
read a+2p-4
ioctl 0xc0105701
== caches
open rw
a = mmap len 1p prot rw shared
ioctl 0x5703 1
b = mmap len 1p prot rw shared
c = mmap len 1p off 1p prot rw shared
c = mmap len 1p off 3p prot rw shared
c = mmap len 4p prot rw shared
write b 3
read a
d = mmap len 3p prot rw private
write d+1p 9
fork child
in child: read d+1p
read a by mem
madvise a dontneed
pread len 100 off 0x2ff0
pread len 100
@ page-lru
== evicts
open rw
a = mmap len 8p prot rw shared
write a 1
write a+1p 2
write a+2p 3
write a+3p 4
ioctl 0x101
write a+4p 5
ioctl 0x101
ioctl 0x102
read a
ioctl 0x101
ioctl 0x104 3
ioctl 0x101
read a+3p
ioctl 0x103
munmap a+2p len 3p
ioctl 0x103
ioctl 0x102
ioctl 0x104 40
== privates
open rw
a = mmap len 3p prot rw private
read a
write a+1p 7
ioctl 0x101
ioctl 0x103
b = mmap len 33p prot r shared
read b+31p
read b+32p
read b+1p
read b+5p
read b+6p
read a
ioctl 0x102
fork child
in child: read b+6p
in child: read b+7p
read b+31p
ioctl 0x101
mincore b len 8p
~~ 6 0 shared rw q 4
~~ 5 2 private rw q 3
@ one-owner
~~ 1 0 shared rw q 3
@ swap-front
~~ 3 0 shared rw q 4
~~ 4 0 private rw q 3
@ io-words
~~ 3 0 shared rw q 3
~~ 3 0 private rw q 3
@ locked-state
~~ 2 0 shared rw q 1
@ late-free
~~ 3 0 shared rw q 4
~~ 4 0 private rw q 3
@ compound-map
~~ 4 0x100 shared rw q 3
@ bit-pages
~~ 4 0 shared rw q 1
@ two-ends
~~ 3 0 shared rw q 3
~~ 3 1 private r q 1
@ user-pages
~~ 2 0 shared rw q 2
`);
