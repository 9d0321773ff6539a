/** What only a kernel notices that checks itself: orders of locks, waiting under a spinlock, flags of pages inside of a block. */
import type { KernelScenario } from './scenario.ts';
import { scenariosOf } from './told.ts';

export const selfChecks: readonly KernelScenario[] = scenariosOf(`
@ self-checked
== map-then-copy
open rw
a = mmap len 2p prot rw shared
ioctl 0x101 { u32 0 }
read a
== copy-then-map
open rw
ioctl 0x101 { u32 0 }
a = mmap len 2p prot rw shared
write a 1
== copy-alone
open rw
ioctl 0x101 { u32 0 }
ioctl 0x101 { u32 0 }
== map-alone
open rw
a = mmap len 2p prot rw shared
b = mmap len 1p off 1p prot r private
read a
read b
== fault-then-copy
open rw
a = mmap len 2p prot rw shared
read a
ioctl 0x102 { u32 3 }
read a+1p
== map-and-copy-without-fault
open rw
a = mmap len 2p prot rw shared
ioctl 0x102 { u32 3 }
== copy-then-fault
open rw
ioctl 0x102 { u32 3 }
a = mmap len 2p prot rw shared
write a 1
== over-another
open rw
a = mmap len 2p prot rw shared
ioctl 0x103 { u32 0 }
== over-another-without-map
open rw
ioctl 0x103 { u32 0 }
ioctl 0x103 { u32 0 }
== one-order
open rw
ioctl 0x104 0
ioctl 0x104 0
== both-orders
open rw
ioctl 0x104 0
ioctl 0x104 1
== both-orders-turned
open rw
ioctl 0x104 1
ioctl 0x104 0
== of-one-kind
open rw
ioctl 0x105 0
== of-one-kind-nested
open rw
ioctl 0x105 1
== kept
open rw
ioctl 0x106
ioctl 0x107
== waits-under-spinlock
open rw
ioctl 0x108 0
== does-not-wait-under-spinlock
open rw
ioctl 0x108 1
== mutex-under-spinlock
open rw
ioctl 0x109
== freed-while-held
open rw
ioctl 0x10a
== first-reserved
open rw
a = mmap len 4p prot rw shared
ioctl 0x10b 0
== other-reserved
open rw
a = mmap len 4p prot rw shared
read a+2p
ioctl 0x10b 2
== page-locked
open rw
a = mmap len 4p prot rw shared
write a+2p 1
ioctl 0x10c 2
read a
`);
