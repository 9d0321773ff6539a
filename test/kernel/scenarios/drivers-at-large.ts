/** Drivers in the shapes that their authors give them, and what programs do with them. Long because it is one list. */
import type { KernelScenario } from './scenario.ts';
import { scenariosOf } from './told.ts';

export const deviceStories: readonly KernelScenario[] = scenariosOf(`
@ session-buffer
== unset
open rw
a = mmap len 1p prot rw shared
ioctl 0x102
pread len 16
pwrite "abc"
ioctl 0x101 0
ioctl 0x101 0x9000
ioctl 0x105
== grows
open rw
ioctl 0x101 5000
pwrite "hello, session"
pread len 16
pread len 16 off 4096
a = mmap len 2p prot rw shared
read a len 14
write a+4096 "second"
pread len 6 off 4096
ioctl 0x101 3p
munmap a
ioctl 0x101 3p
pread len 8 off 0
b = mmap len 3p prot rw shared
read b+4096 len 6
c = mmap len 4p prot r shared
d = mmap len 2p off 2p prot r shared
== busy
open rw
ioctl 0x101 2p
a = mmap len 2p prot rw shared
munmap a+1p len 1p
ioctl 0x101 1p
fork child
munmap a
ioctl 0x101 1p
in child: exit
ioctl 0x101 1p
ioctl 0x102
== private
open rw
ioctl 0x101 2p
pwrite "original"
a = mmap len 2p prot rw private
write a "changed"
pread len 8 off 0
pwrite "xx" off 1p
read a+1p
fork child
in child: write a+1p 5
read a+1p
madvise a dontneed
read a len 8
== protect
open rw
ioctl 0x101 4p
a = mmap len 4p prot r shared
write a 1
mprotect a+1p len 2p prot rw
write a+2p 9
pread len 8 off 2p
mprotect a prot none
read a
read a by mem
munmap a+3p
mremap a len 2p
== remapped
open rw
ioctl 0x101 3p
a = mmap len 3p prot rw shared
write a+1p "kept"
n = mmap len 16p prot none private anonymous
mremap a+1p old 1p len 1p maymove fixed at n+4p
read n+4p len 4
b = mremap a old 0 len 2p maymove
read b
mremap a len 5p maymove
ioctl 0x101 1p
== two-files
f = open rw
g = open ro
ioctl 0x101 1p of f
ioctl 0x102 of g
a = mmap len 1p prot rw shared of f
b = mmap len 1p prot r shared of g
ioctl 0x101 1p of g
c = mmap len 1p prot rw shared of g
d = mmap len 1p prot r shared of g
close f
write a 0x77
read d
lseek 5 end of g
lseek 3 set of g
pread len 4 of g
== zero-copy
open rw
ioctl 0x101 2p
a = mmap len 2p prot rw shared
write a+100 "through the mapping"
pwrite from a+100 len 19 off 1p
pread len 19 off 1p into a+1000
read a+1000 len 19
pread len 64 off 2p
pwrite "beyond" off 3p
~~ 3 0 shared rw s 2
~~ 2 0 private rw s 2
@ deferred-io
== first-write
open rw
a = mmap len 6p prot rw shared
read a+1p
write a+1p 1
write a+1p 2
write a+4p 3
ioctl 0x102
ioctl 0x101
write a+1p 4
ioctl 0x102
read a+4p
== two-mappings
open rw
a = mmap len 2p prot rw shared
b = mmap len 2p off 1p prot rw shared
write a+1p 0x99
read b
write b 5
ioctl 0x101
read a+1p
ioctl 0x102
msync a sync
== beyond
open rw
a = mmap len 8p prot rw shared
read a+5p
read a+6p
write a+7p 1
madvise a populate_write
madvise a len 6p populate_write
ioctl 0x102
mremap a len 9p maymove
mremap a len 2p
== private
open rw
a = mmap len 3p prot rw private
read a
write a 1
write a+1p 2
ioctl 0x102
ioctl 0x101
read a
read a+2p
fork child
in child: write a 3
read a
== forked
open rw
a = mmap len 3p prot rw shared
write a 1
fork child
ioctl 0x101
in child: write a 2
ioctl 0x102
in child: read a
in child: write a+2p 3
ioctl 0x102
== debug-write
open rw
a = mmap len 2p prot r shared
write a 5 by mem
write a 5 by ptrace
write a 5 by process_vm
mprotect a prot rw
write a 6 by process_vm
write a+1p 7 by direct
ioctl 0x102
read a
madvise a dontneed
read a+1p
== protect
open rw
a = mmap len 2p prot rw shared populate
ioctl 0x102
mprotect a prot r
mprotect a prot rw
write a 1
ioctl 0x102
mprotect a len 1p prot none
ioctl 0x101
read a
write a+1p 2
mlock a
ioctl 0x102
~~ 6 0 shared rw d 2
~~ 4 3 shared rw d 2
~~ 4 0 private rw d 1
@ late-insert
== one-by-one
open rw
a = mmap len 4p prot rw shared
read a
ioctl 0x101 0
read a
ioctl 0x101 0
ioctl 0x101 3
write a+3p 7
ioctl 0x101 4
ioctl 0x102 0
read a
ioctl 0x103
== all
open rw
ioctl 0x101 0
a = mmap len 4p prot r shared
ioctl 0x103
read a+2p len 8
ioctl 0x103
mprotect a prot rw
write a+2p 4
munmap a+1p len 1p
ioctl 0x101 1
ioctl 0x102 1
== short
open rw
a = mmap len 2p prot rw shared
ioctl 0x103
ioctl 0x101 2
read a+1p
munmap a
ioctl 0x101 0
== private
open rw
a = mmap len 4p prot rw private
ioctl 0x103
write a+1p 5
read a+1p
fork child
in child: write a 6
read a
madvise a dontneed
read a
ioctl 0x101 2
read a+2p
== not-mixed
open rw
a = mmap len 4p off 8p prot rw shared
ioctl 0x104 0
read a
ioctl 0x101 1
read a+1p
== read-lock
open rw
a = mmap len 4p prot rw shared
ioctl 0x104 1
read a+1p
ioctl 0x104 1
== forked
open rw
a = mmap len 4p prot rw shared
ioctl 0x103
fork child
in child: read a+1p
in child: ioctl 0x101 1
ioctl 0x102 1
in child: read a+1p
munmap a
in child: munmap a len 2p
== moved
open rw
a = mmap len 4p prot rw shared
ioctl 0x101 1
b = mremap a len 4p maymove dontunmap
read b+1p
mremap a len 6p maymove
mremap a len 3p
ioctl 0x101 2
ioctl 0x101 3
~~ 4 0 shared rw l 2
~~ 3 0 private rw l 1
@ split-rules
== splits
open rw
a = mmap len 6p prot rw shared
read a+1p
read a+4p
munmap a+1p len 1p
munmap a+2p len 2p
read a
mprotect a len 2p prot r
mprotect a len 1p prot r
mprotect a+4p len 1p prot r
madvise a+1p len 1p dontdump
mlock a+5p len 1p
== exec
open rw
a = mmap len 4p prot rw shared
mprotect a prot rx
mprotect a prot rwx
mprotect a prot none
read a
mprotect a+2p len 2p prot rw
write a+3p 6
b = mmap len 2p prot rx shared
== moved
open rw
a = mmap len 6p prot rw shared
b = mmap len 4p prot rw shared
n = mmap len 32p prot none private anonymous
mremap b len 4p maymove fixed at n+2p
read n+3p
mremap a len 6p maymove fixed at n+10p
read a
mremap a len 3p
mremap a len 2p
mremap a len 4p maymove
read a
== private
open rw
a = mmap len 2p prot rw private
f = open ro
b = mmap len 2p prot r private of f
c = mmap len 2p prot rw shared of f
d = mmap len 2p prot r shared of f
read d+1p
mprotect d prot rw
== odd-start
open rw
a = mmap len 3p off 1p prot rw shared
read a
read a+1p
write a+2p 4
b = mmap len 4p off 6p prot rw shared
read b+1p
read b+2p
== remapped
open rw
a = mmap len 4p off 8p prot rw shared
read a+3p
munmap a len 1p
munmap a len 2p
read a+2p
madvise a+2p dontfork
fork child
in child: read a+2p
mprotect a+2p prot r
write a+2p 1
== forked
open rw
a = mmap len 4p prot rw shared
read a+2p
fork child
in child: write a+2p 5
read a+2p
in child: munmap a+3p len 1p
in child: munmap a+2p len 2p
mprotect a len 4p prot r
madvise a dontneed
~~ 6 0 shared rw p 3
~~ 4 8 shared rw p 2
@ shadow-access
== debug
open rw
a = mmap len 3p prot rw shared
read a
read a len 8 by mem
read a len 32 by mem
read a+4090 len 12 by mem
write a 0x1234 by mem
read a by mem
read a
write a+1p 1 by mem
read a+2p by mem
read a+1p len 8 by ptrace
write a+8 0x55 by ptrace
read a len 16 by process_vm
== checks
open rw
a = mmap len 4p prot rw shared
b = mmap len 1p off 3p prot rw shared
c = mmap len 3p prot rw private
d = mmap len 0 prot rw shared
e = mmap len 1p off 2p prot r shared
read e by mem
write e 1 by mem
write e 1 by ptrace
g = mmap len 4097 off 1p prot rw shared
write g+1p 5
read e
== direct
open rw
a = mmap len 2p prot rw shared
write a 0x11223344
read a len 16 by direct
read a len 4 by syscall
write a+8 7 by syscall
read a+8
p = pin a len 1p
madvise a dontneed
mlock a
mincore a
~~ 3 0 shared rw x 3
~~ 2 1 shared r x 2
@ pool-list
== life
open rw
ioctl 0x101 3
a = mmap len 3p off 16p prot rw shared
write a+2p 5
ioctl 0x102 1
read a+2p
read a+1p
ioctl 0x102 1
b = mmap len 1p off 16p prot rw shared
munmap a+1p len 1p
munmap a
== numbers
open rw
ioctl 0x101 0
ioctl 0x101 17
ioctl 0x101 16
ioctl 0x101 2
a = mmap len 1p prot rw shared
b = mmap len 2p off 32p prot rw shared
c = mmap len 2p off 33p prot rw shared
d = mmap len 16p off 16p prot r private
read d+15p
write b+1p 3
ioctl 0x103 2
read b+1p
ioctl 0x109 2
ioctl 0x103 9
== forked
open rw
ioctl 0x101 2
a = mmap len 2p off 16p prot rw shared
write a 1
fork child
in child: read a
in child: munmap a
read a
close
munmap a
== private
open rw
ioctl 0x101 2
a = mmap len 2p off 16p prot rw private
read a
write a 4
write a+1p 5
read a
ioctl 0x103 1
read a
read a+1p
== dofork
open rw
ioctl 0x101 2
a = mmap len 2p off 16p prot rw shared
read a
madvise a dofork
fork child
in child: read a
in child: write a+1p 3
ioctl 0x102 1
exit
in child: read a+1p
== leaves-open
f = open rw
g = dup f
ioctl 0x101 1 of g
close f
a = mmap len 1p off 16p prot r shared of g
read a
mprotect a prot rwx
exec a
rmmod
close g
rmmod
munmap a
rmmod
~~ 1 0 shared rw q 1
@ wrong-addresses
== right
open rw
a = mmap len 3p prot rw shared
read a
b = mmap len 4p prot rw private
write b+3p 4
read b+3p
== shifted
open rw
a = mmap len 1p off 32p prot r shared
== static
open rw
a = mmap len 2p off 64p prot rw shared
read a
write a+4 7
read a+1p
fork child
in child: read a+4
== pages-as-bytes
open rw
a = mmap len 3p off 112p prot rw shared
read a
read a+1p
== one-less
open rw
a = mmap len 2p off 144p prot rw shared
read a+1p
b = mmap len 2p off 144p prot rw private
write b 4
read b
== small
open rw
a = mmap len 1p off 160p prot r shared
munmap a
== vmalloc
open rw
a = mmap len 1p off 176p prot rw shared
read a
write a 5
mremap a len 1p maymove dontunmap
== nothing
open rw
a = mmap len 1p off 192p prot rw shared
read a
== inside
open rw
a = mmap len 2p off 208p prot rw shared
read a
read a+1p
munmap a
== inside-private
open rw
a = mmap len 2p off 208p prot rw private
read a
== read-only-prot
open rw
a = mmap len 2p off 224p prot rw shared
read a
write a 1
mprotect a prot rw
write a 1
== shared-prot
open rw
a = mmap len 2p off 240p prot r shared
read a
write a 1
b = mmap len 2p off 240p prot r private
read b
write b 2
== none-prot
open rw
a = mmap len 2p off 240p prot none shared
read a
write a 2
== kernel-prot
open rw
a = mmap len 2p off 256p prot rw shared
read a
== kernel-prot-mem
open rw
a = mmap len 1p off 256p prot r shared
mprotect a prot rw
read a
~~ 3 0 shared rw w 1
~~ 2 224 shared rw w 1
~~ 2 144 shared rw w 1
@ page-and-pfn
== both
open rw
a = mmap len 3p prot rw shared
read a
read a+1p
write a+1p 4
write a+2p 5
read a+1p by mem
read a by mem
write a+2p 9 by ptrace
read a+2p
== data
open rw
a = mmap len 3p off 1p prot rw shared
read a
write a+1p 1
read a+2p
fork child
in child: write a 7
read a by process_vm
madvise a len 1p dontneed
read a by ptrace
read a+1p by mem
== private
open rw
a = mmap len 3p prot rw private
write a+1p 1
write a 2
read a+2p
write a+2p 3
madvise a dontneed
read a
read a+1p by mem
~~ 3 0 shared rw b 3
~~ 3 0 private rw b 2
@ shadow-shmem
== shared
open rw
a = mmap len 4p prot rw shared
write a 1
read a+3p
b = mmap len 5p prot rw shared
c = mmap len 2p off 3p prot rw shared
d = mmap len 1p prot r private
read d
write a 2
read d
close
read a
== private
open rw
a = mmap len 2p off 1p prot rw private
write a 5
b = mmap len 2p off 1p prot rw shared
read b
write b+1p 6
read a+1p
madvise a dontneed
read a
mremap b len 4p maymove
read b+3p
== advice
open rw
a = mmap len 4p prot rw shared
write a+1p 1
madvise a+1p len 1p remove
read a+1p
write a 5
madvise a dontneed
read a
madvise a cold
madvise a pageout
read a
madvise a len 1p free
mincore a
~~ 4 0 shared rw m 3
~~ 3 1 private rw m 2
@ dma-ring
== ring
open rw
a = mmap len 2p prot rw shared
read a
read a+4
b = mmap len 3p prot rw shared
c = mmap len 2p off 1p prot rw shared
read c
munmap a
munmap c
d = mmap len 1p prot r shared
read d+4
== data
open rw
a = mmap len 4p off 256p prot rw shared
read a
b = mmap len 1p off 259p prot r shared
c = mmap len 2p off 259p prot r shared
d = mmap len 1p off 512p prot r shared
e = mmap len 1p off 255p prot r shared
write a+3p 7
read b
munmap a
~~ 2 0 shared rw r 2
~~ 2 258 shared rw r 2
~~ 2 256 private rw r 1
`);
