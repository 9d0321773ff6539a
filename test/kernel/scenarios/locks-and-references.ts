/** Locks that are wrong, references of blocks, protections of a driver's own, and who owns a mapping. Long because it is one list. */
import type { KernelScenario } from './scenario.ts';
import { scenariosOf } from './told.ts';

const kept = Array.from({ length: 8 }, (_, way) => way);

export const lockStories: readonly KernelScenario[] = scenariosOf(`
@ without-locks
${kept
  .map(
    (way) => `
== none-${way}
open rw
a = mmap len 2p off ${way === 0 || way === 7 ? 0 : 1}p prot rw shared
ioctl 0x101 ${way}
read a
== read-${way}
open rw
a = mmap len 2p off ${way === 0 || way === 7 ? 0 : 1}p prot rw shared
ioctl 0x102 ${way}
read a
ioctl 0x103 3`,
  )
  .join('')}
== write
open rw
a = mmap len 2p prot rw shared
ioctl 0x103 0
ioctl 0x103 0
ioctl 0x103 7
ioctl 0x103 4
ioctl 0x103 5
write a 1
fork child
in child: read a
== write-pfns
open rw
a = mmap len 2p off 1p prot rw shared
ioctl 0x103 6
ioctl 0x103 2
ioctl 0x103 2
read a
ioctl 0x103 3
ioctl 0x103 1
write a 4
read a+1p
munmap a
ioctl 0x103 1
@ pmd-window
== whole
open rw
a = mmap len 4M prot rw shared at 0x40000000
write a 1
read a+100p
write a+511p 2
read a+512p
write a+1023p 3
munmap a+1p len 1p
read a+2p
== pieces
open rw
a = mmap len 2M off 0 prot rw shared fixed at 0x40001000
write a 1
read a+2M-1p
b = mmap len 4M prot r shared fixed at 0x50000000
read b
mprotect b len 1p prot none
read b+1p
read b
madvise b dontneed
== forked
open rw
a = mmap len 4M prot rw shared fixed at 0x40000000
read a
write a 5
fork child
in child: read a
in child: write a+600p 6
read a+600p
mremap a len 2M
read a+2M-4
p = pin a len 1p
read a by mem
== beyond
open rw
a = mmap len 4M off 2M prot rw shared fixed at 0x40000000
read a
read a+2M
b = mmap len 2M off 1p prot rw shared fixed at 0x48000000
write b 1
c = mmap len 1p prot rw private
@ two-views
== views
open rw
c = mmap len 1p prot rw shared
d = mmap len 3p off 16p prot rw shared
write c 1
write d 2
read d+1p
ioctl 0x101 0
read d
ioctl 0x103
read c
ioctl 0x104
munmap d+1p len 1p
ioctl 0x104
== copies
open rw
d = mmap len 3p off 16p prot rw private
write d 7
read d+1p
ioctl 0x101 0
read d
ioctl 0x102 0
read d
ioctl 0x102 1
read d+1p
ioctl 0x104
== files
f = open rw
g = open rw
d = mmap len 2p off 17p prot rw shared of f
e = mmap len 2p off 16p prot rw shared of g
read d
write e+1p 3
read d
ioctl 0x101 1 of f
read e+1p
fork child
in child: read d+1p
ioctl 0x102 2 of g
close f
munmap d
ioctl 0x104 of g
== wrong
open rw
a = mmap len 2p prot rw shared
b = mmap len 1p off 1p prot rw shared
c = mmap len 2p off 18p prot r shared
read c+1p
read c
mremap c len 4p maymove
read c+3p
d = mremap c old 0 len 1p maymove
pread len 4
lseek 5
ioctl 0x104
@ block-references
== counts
open rw
ioctl 0x103 0
ioctl 0x103 1
ioctl 0x103 4
ioctl 0x103 5
a = mmap len 4p prot rw shared
ioctl 0x104 1
ioctl 0x103 3
b = mmap len 1p off 4p prot rw shared
ioctl 0x103 4
== second
open rw
a = mmap len 4p off 4p prot rw shared
read a+1p
ioctl 0x103 5
munmap a+1p len 1p
ioctl 0x103 5
== freed-mapped
open rw
a = mmap len 4p prot rw shared
write a+1p 5
ioctl 0x105
read a+1p
read a
b = mmap len 1p prot r shared
munmap a len 2p
read a+3p
== freed-head
open rw
a = mmap len 1p off 4p prot rw shared
ioctl 0x105
read a
munmap a
== taken
open rw
ioctl 0x101 2
ioctl 0x103 0
ioctl 0x104 2
a = mmap len 2p off 2p prot rw private
write a 1
fork child
ioctl 0x104 0
in child: write a+1p 2
ioctl 0x104 0
munmap a
in child: exit
ioctl 0x104 0
ioctl 0x102 3
ioctl 0x104 0
== kept
open rw
a = mmap len 2p off 1p prot rw shared
ioctl 0x101 1
ioctl 0x105
munmap a
== fork-and-free
open rw
a = mmap len 2p off 3p prot rw shared
fork child
ioctl 0x104 3
in child: munmap a+1p
ioctl 0x104 3
exit
in child: read a
@ owners
== own
open rw
a = mmap len 4p prot rw shared
read a
fork child
in child: read a
in child: read a+1p
ioctl 0x101
ioctl 0x103
in child: ioctl 0x103
in child: munmap a
ioctl 0x101
read a+1p
read a+2p
== allowed
open rw
ioctl 0x102 1
a = mmap len 4p prot rw private
write a 1
munmap a+1p len 1p
fork child
ioctl 0x101
in child: read a+2p
in child: read a
in child: ioctl 0x103
exit
in child: ioctl 0x101
in child: read a+3p
== reached
open rw
a = mmap len 4p prot rw shared
read a by mem
read a+1p by direct
read a+2p by syscall
read a+3p by process_vm
fork child
in child: mremap a len 3p
== moved
open rw
a = mmap len 4p prot rw shared
n = mmap len 8p prot none private anonymous
write a 1
mremap a len 4p maymove fixed at n+2p
read a
read a+1p
read a+2p
ioctl 0x101
b = mremap a old 0 len 1p maymove
ioctl 0x101
@ protections
${Array.from({ length: 12 }, (_, way) => way)
  .map(
    (way) => `
== way-${way}
open rw
a = mmap len 1p off ${way}p prot rw shared
b = mmap len 1p off ${way + 16}p prot rw shared
c = mmap len 1p off ${way + 32}p prot rw shared
d = mmap len 1p off ${way + 16}p prot rw private
read a
read b
read c
write a 1
write b 2
write c 3
write d 4
mprotect b prot r
mprotect b prot rw
write b 5
read d`,
  )
  .join('')}
@ debug-view
== words
open rw
a = mmap len 4p prot rw shared
read a
read a+8 by mem
read a+8 len 16 by ptrace
read a+2p len 16 by mem
write a+4 1 by mem
write a+1p+4 0x99 by mem
read a+1p+4 by ptrace
read a+3p by mem
read a+3p by ptrace
read a by process_vm
== across
open rw
a = mmap len 5p prot none private
read a+4090 len 12 by mem
read a+4p by mem
read a+3p-4 len 8 by mem
write a+2p "text" by ptrace
read a+2p len 4 by ptrace
write a+1p-2 "text" by mem
== window
open rw
a = mmap len 2p off 8p prot rw shared
write a 0x1234
read a by mem
write a+4 0x55 by mem
read a+4
b = mmap len 1p off 8p prot r shared
write b 5 by mem
read b
c = mmap len 1p off 9p prot r private
read c by ptrace
write c 6 by ptrace
read a+1p
@ refill
== fills
open rw
a = mmap len 4p prot rw shared
read a+2p
read a
read a+3p
ioctl 0x101 a
read a
madvise a dontneed
read a+1p
munmap a+3p
== replaced
open rw
a = mmap len 4p prot rw shared
write a 1
ioctl 0x102
read a
madvise a dontneed
read a
fork child
ioctl 0x102
in child: read a+1p
in child: madvise a dontneed
in child: read a+1p
== batches
open rw
ioctl 0x103 1
a = mmap len 5p prot rw private
read a
write a+1p 1
read a+1p
read a+4p
ioctl 0x103 0
read a+2p
ioctl 0x103 9
read a+2p
mremap a len 3p
== outside
open rw
a = mmap len 2p off 3p prot r shared
read a+1p
read a
ioctl 0x101 0x1000
write a 1 by mem
p = pin a len 2p
mlock a
madvise a populate_read
`);
