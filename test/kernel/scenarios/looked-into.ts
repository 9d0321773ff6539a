/** Programs that are looked into by their driver, and drivers with granaries, ghosts, turnstiles and ferries: a second lot of modules unlike the others. */
import type { KernelScenario } from './scenario.ts';
import { scenariosOf } from './told.ts';

export const lookedInto: readonly KernelScenario[] = scenariosOf(`
@ granary
== sacks
open rw
a = mmap len 8p prot rw shared
read a
read a+3p
ioctl 0x1101
read a+4p
read a+7p
write a+1p 1
write a+4p 2
write a+5p 3
write a+7p 4
fork child
in child: read a+1p
ioctl 0x1101
ioctl 0x1102
== locked-sacks
open rw nonblock
a = mmap len 8p prot rw shared
read a
write a+2p 5
read a+4p
read a+7p
write a+5p 5
ioctl 0x1101
munmap a+1p len 2p
ioctl 0x1101
== own-sacks
open rw nonblock
a = mmap len 8p prot rw private
write a 9
read a+1p
write a+4p 8
read a+7p
write a+7p 7
ioctl 0x1101
madvise a dontneed
ioctl 0x1101
read a
fork child
in child: write a+1p 2
read a+1p
== fresh
open rw
a = mmap len 3p off 4p prot rw shared
write a 0x99
ioctl 0x1103 0
read a
ioctl 0x1104 4
read a
b = mmap len 1p off 4p prot rw private
read b
ioctl 0x1103 0
read b
write b 3
ioctl 0x1104 4
read b
munmap a
== pinned-sacks
open rw
a = mmap len 8p prot rw shared
p = pin a+1p len 2p
ioctl 0x1101
q = pin a+3p len 1p write
ioctl 0x1101
munmap a
ioctl 0x1101
unpin p
unpin q
ioctl 0x1101
== moves-sacks
open rw
n = mmap len 24p prot none private anonymous
a = mmap len 8p prot rw shared fixed at n
read a+1p
mremap a+1p old 4p len 4p fixed at n+12p
read n+12p
read n+15p
read a+5p
mremap n+12p old 4p len 6p maymove
ioctl 0x1101
munmap n
ioctl 0x1101
@ ghosts
== vmalloc-goes
open rw
a = mmap len 2p prot rw shared
write a 5
ioctl 0x1201 0
read a
b = mmap len 1p prot rw shared
fork child
in child: write a 6
read a
munmap a
== vmalloc-private
open rw
a = mmap len 2p prot rw private
write a 5
read a+1p
ioctl 0x1202 0
read a
read a+1p
== block-goes
open rw
a = mmap len 2p off 16p prot rw shared
write a 5
munmap a
ioctl 0x1201 1
b = mmap len 1p off 16p prot rw shared
== block-unmapped
open rw
a = mmap len 2p off 16p prot rw shared
write a 5
ioctl 0x1202 1
read a
fork child
in child: read a+1p
== block-private
open rw
a = mmap len 2p off 16p prot rw private
write a 5
ioctl 0x1202 1
read a
read a+1p
== single-goes
open rw
a = mmap len 1p off 32p prot rw shared
write a 5
ioctl 0x1201 2
read a
b = mremap a len 1p maymove dontunmap
read b
fork child
in child: munmap b
write b 6
munmap b
== single-too-small
open rw
a = mmap len 3p off 32p prot rw shared
read a
read a+1p
madvise a len 1p dontneed
read a
ioctl 0x1202 2
mremap a len 4p maymove
== list-goes
open rw
a = mmap len 2p off 48p prot rw shared
write a+1p 5
ioctl 0x1201 3
read a+1p
close
munmap a len 1p
read a+1p
fork child
exit
in child: read a+1p
== lazy-goes
open rw
a = mmap len 3p off 64p prot rw shared
write a 5
ioctl 0x1201 4
read a
read a+1p
read a+2p
madvise a dontneed
read a
== closes-first
open rw
a = mmap len 2p off 64p prot rw private
write a 5
read a+1p
close
read a
x = mmap len 1p prot r private anonymous
munmap a len 1p
read a+1p
munmap a+1p
@ periscope
== own-memory
open rw
m = mmap len 3p prot rw private anonymous
ioctl 0x1301 m
ioctl 0x1302 m
read m
ioctl 0x1303 m+1p
ioctl 0x1304 m+1p
read m+1p
ioctl 0x1305 m+2p
ioctl 0x1306 m+2p
read m+2p
ioctl 0x1307 m
read m
ioctl 0x1308 m+1p
ioctl 0x1309 m
== own-pages
open rw
a = mmap len 2p prot rw shared
ioctl 0x1308 a
ioctl 0x1305 a
ioctl 0x1308 a
ioctl 0x1306 a+4
ioctl 0x1303 a+4
ioctl 0x1304 a+1p
read a+1p
ioctl 0x1301 a+1p
ioctl 0x1302 a+8
read a+8
ioctl 0x1307 a
read a
ioctl 0x1309 a+1p
== own-copies
open rw
a = mmap len 2p prot rw private
ioctl 0x1303 a
ioctl 0x1304 a
read a
ioctl 0x1302 a+1p
read a+1p
b = mmap len 2p prot r shared
read b
ioctl 0x1304 b
ioctl 0x1302 b
c = mmap len 2p prot r private
ioctl 0x1302 c
ioctl 0x1304 c
ioctl 0x1307 c
== own-pfns
open rw
a = mmap len 1p off 16p prot rw shared
ioctl 0x1301 a
ioctl 0x1302 a
ioctl 0x1303 a
ioctl 0x1304 a
ioctl 0x1305 a
ioctl 0x1306 a
ioctl 0x1308 a
ioctl 0x1307 a
read a
ioctl 0x1309 a
read a by ptrace
write a 1 by mem
== own-inserted
open rw
a = mmap len 2p off 32p prot rw shared
ioctl 0x1301 a
ioctl 0x1304 a
ioctl 0x1303 a+1p
ioctl 0x1305 a+1p
ioctl 0x1307 a+1p
ioctl 0x1301 a+4094
mprotect a prot r
ioctl 0x1302 a
ioctl 0x1306 a
ioctl 0x1304 a
mprotect a prot none
ioctl 0x1303 a
ioctl 0x1301 a
ioctl 0x1308 a
== nothing-there
open rw
a = mmap len 1p off 48p prot rw shared
ioctl 0x1305 a
ioctl 0x1301 a
ioctl 0x1303 a
ioctl 0x1306 a
ioctl 0x1307 a
ioctl 0x1308 a
b = mmap len 1p off 48p prot rw private
ioctl 0x1306 b
ioctl 0x1304 b
== asked
open rw
a = mmap len 2p off 64p prot rw shared
ioctl 0x1305 a
ioctl 0x1306 a
ioctl 0x1304 a+1p
ioctl 0x1302 a+1p
fork child
in child: ioctl 0x1306 a
in child: ioctl 0x1301 a
mprotect a prot r
ioctl 0x1301 a
ioctl 0x1302 a
== nowhere
open rw
ioctl 0x1301 0x1000
ioctl 0x1302 0x1000
ioctl 0x1303 0x1000
ioctl 0x1304 0
ioctl 0x1305 0x1000
ioctl 0x1306 0x1000
ioctl 0x1307 0x1000
ioctl 0x1308 0x1000
ioctl 0x1305 0xffff888000000000
ioctl 0x1308 0xffff888000000000
ioctl 0x1303 0xffff888000000000
== shared-with-child
open rw
m = mmap len 1p prot rw private anonymous
write m 3
fork child
in child: ioctl 0x1304 m
read m
ioctl 0x1303 m
in child: read m
ioctl 0x1302 m
in child: ioctl 0x1301 m
@ turnstile
== copies
open rw
a = mmap len 1p prot rw private
write a+4 1
read a
b = mmap len 1p prot rw private
read b
write b+4 1
read b
c = mmap len 1p prot rw shared
write c+4 2
ioctl 0x1401
read b+4
== ahead
open rw
a = mmap len 2p off 1p prot rw shared
read a
read a+1p
ioctl 0x1402 2
b = mmap len 2p off 1p prot rw private
write b 4
read b+1p
write b+1p 4
ioctl 0x1402 2
ioctl 0x1402 1
fork child
ioctl 0x1402 1
== patience
open rw
a = mmap len 1p off 2p prot rw shared
read a
madvise a dontneed
write a 3
madvise a populate_read
madvise a dontneed
madvise a populate_write
madvise a dontneed
read a by process_vm
madvise a dontneed
read a by syscall
== flags
open rw
a = mmap len 1p off 3p prot rw shared
write a 1 by syscall
write a 1
madvise a dontneed
read a by mem
read a by process_vm
write a 2 by direct
read a by direct
madvise a populate_write
mlock a
== other-offset
open rw
a = mmap len 2p off 4p prot rw shared
read a
write a 5
read a+1p
write a+1p 6
b = mmap len 2p off 4p prot rw private
read b+1p
write b+1p 7
read b+1p
madvise b+1p dontneed
read b+1p
== floods
open rw
a = mmap len 3p off 6p prot rw shared
read a
read a+1p
read a+2p
ioctl 0x1402 6
fork child
in child: read a+2p
madvise a dontneed
read a+1p
read a
munmap a+1p len 1p
ioctl 0x1402 6
== poisoned
open rw
a = mmap len 1p off 8p prot rw shared
read a
read a by syscall
read a by mem
read a by process_vm
madvise a populate_read
mlock a
== zeros
open ro
a = mmap len 1p off 5p prot r private
read a
b = mmap len 1p off 5p prot rw private
write b 6
read b
read a
read a by direct
read a by process_vm
fork child
in child: read b
@ ferry
== strict
open rw
ioctl 0x1501 1
a = mmap len 2p prot rw shared
a = mmap len 2p prot r shared
mprotect a prot rw
write a 1 by mem
b = mmap len 2p off 32p prot r private
mprotect b prot rw
write b 1 by mem
c = mmap len 2p off 16p prot r private
write c 1 by ptrace
read c
mprotect c prot rx
== no-execution
open rw
ioctl 0x1501 2
a = mmap len 2p prot rwx shared
exec a
mprotect a prot rx
b = mmap len 2p off 16p prot rx private
read b
exec b
c = mmap len 2p off 32p prot rwx shared
exec c
== other-protection
open rw
ioctl 0x1501 3
a = mmap len 2p prot rw shared
read a
write a 1
b = mmap len 2p off 16p prot rw shared
write b 2
c = mmap len 2p off 32p prot rw shared
write c 3
d = mmap len 2p off 32p prot none shared
read d
e = mmap len 2p off 16p prot rw private
write e 4
mprotect d prot rw
read d
== caches
open rw
ioctl 0x1501 4
a = mmap len 2p prot rw shared
write a 1
b = mmap len 2p off 16p prot rw shared
write b 1
c = mmap len 2p off 32p prot rw shared
write c 1
mprotect a prot r
mprotect b len 1p prot r
d = mmap len 2p prot rw private
write d 5
mremap b+1p old 1p len 1p maymove
== no-copies
open rw
ioctl 0x1501 5
a = mmap len 2p prot rw shared
b = mmap len 2p off 16p prot rw shared
c = mmap len 2p off 32p prot rw private
write c 1
fork child
in child: read a
in child: read b
in child: read c
madvise a dofork
madvise b dofork
madvise c dofork
fork other
in other: read a
in other: write b 7
in other: read c
read b
== no-growth
open rw
ioctl 0x1501 6
a = mmap len 2p prot rw shared
read a
mremap a len 3p maymove
b = mremap a old 0 len 1p maymove
c = mremap a len 2p maymove dontunmap
madvise a dodump
mlock a
mincore a
== locks
open rw
ioctl 0x1501 7
a = mmap len 2p prot rw shared
read a
munlock a
mlock a len 1p
b = mmap len 2p off 16p prot rw private
madvise b dontneed
write b 1
c = mmap len 2p off 32p prot rw shared
munmap c
fork child
in child: munlock a
munlockall
munmap a
== wipes
open rw
ioctl 0x1501 8
a = mmap len 2p prot rw shared
write a 1
b = mmap len 2p off 16p prot rw private
write b 2
c = mmap len 2p off 32p prot rw shared
write c 3
fork child
in child: read a
in child: read b
in child: read c
madvise a keeponfork
madvise b keeponfork
fork other
in other: read b
== unasked-rights
open rw
ioctl 0x1501 9
a = mmap len 2p prot r shared
write a 1
b = mmap len 2p off 16p prot r private
write b 2
read b
open ro
c = mmap len 2p prot r shared
write c 4
mprotect c prot r
mprotect c prot rw
== made-shared
open rw
ioctl 0x1501 10
a = mmap len 2p prot rw private
write a 0x11
b = mmap len 2p prot r shared
read b
c = mmap len 2p off 32p prot rw private
write c 3
fork child
in child: write a 0x12
read a
mremap a old 0 len 2p maymove
== made-private
open rw
ioctl 0x1501 11
a = mmap len 2p prot rw shared
write a 0x11
read a
fork child
in child: write a 0x12
read a
b = mmap len 2p off 16p prot rw shared
write b 3
mremap a old 0 len 2p maymove
msync a sync
`);
