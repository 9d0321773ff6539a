/** Scenarios about whole drivers: screens, handles, platform devices, scatter-gather tables, words, hashes, ioctl tables, pools, counters. Long because it is one list. */
import type { KernelScenario } from './scenario.ts';

/** One text: the module's name, then scenarios that begin with `== NAME`, a statement a line. */
function drivers(module: string, text: string): readonly KernelScenario[] {
  return text
    .split('== ')
    .slice(1)
    .map((part) => {
      const [name = '', ...lines] = part.split('\n').map((line) => line.trim());
      return { module, name, text: lines.filter((line) => line !== '').join('\n') };
    });
}

export const writtenDrivers: readonly KernelScenario[] = [
  ...drivers(
    'screen',
    `== dirty
    open rw
    a = mmap len 3p off 0 prot rw shared
    ioctl 0x102
    read a
    write a 7
    write a+8 9
    ioctl 0x102
    write a+2p 5
    ioctl 0x102
    ioctl 0x105
    ioctl 0x101
    ioctl 0x102
    ioctl 0x103
    ioctl 0x103 2
    ioctl 0x105
    == private
    open rw
    a = mmap len 3p off 0 prot rw private
    write a 7
    read a+1p
    ioctl 0x102
    ioctl 0x104
    pwrite "hello" off 8190
    read a+1p+4092 len 8
    ioctl 0x102
    ioctl 0x101
    ioctl 0x103 2
    == reads
    open rw
    pwrite "0123456789"
    lseek 0
    pread len 4
    pread len 16 off 10230
    pread len 16 off 10240
    lseek -4 end
    pread len 16
    lseek 1 end
    lseek -1
    lseek 8 cur
    pwrite "x" off 10240
    pwrite "xyz" off 10239
    lseek 0 cur
    == stops
    open rw
    pwrite "abcd"
    ioctl 0x105
    ioctl 0x104
    ioctl 0x104
    ioctl 0x101
    ioctl 0x103
    ioctl 0x103 3
    == last
    open rw
    a = mmap len 1p off 2p prot rw shared
    b = mmap len 2p off 2p prot rw shared
    write a+2048 3
    read a+2048
    mprotect a prot r
    write a 3
    mprotect a prot rw
    write a 4
    ioctl 0x102
    == again
    open rw
    a = mmap len 1p off 1p prot rw shared
    write a 1
    ioctl 0x101
    write a 2
    ioctl 0x102
    madvise a dontneed
    write a 3
    ioctl 0x102
    ioctl 0x101
    ioctl 0x103 1
    == forked
    open rw
    a = mmap len 2p off 0 prot rw shared
    write a 1
    fork child
    in child: write a 2
    in child: write a+1p 3
    read a+1p
    mremap a len 3p maymove
    read a+2p
    exit
    == wide
    open wo
    a = mmap len 1p off 0 prot w shared
    close
    open ro
    a = mmap len 1p off 0 prot rw shared
    a = mmap len 1p off 0 prot r shared populate
    pwrite "a"
    write a 3 by mem
    p = pin a`,
  ),
  ...drivers(
    'regions',
    `== makes
    open rw
    g = mmap len 1p prot rw private anonymous
    write g { u64 5000, u32 0, u32 0, u64 0 }
    ioctl 0x101 g
    read g len 24
    ioctl 0x101 g
    read g+12 len 12
    a = mmap len 2p off 16p prot rw shared
    b = mmap len 2p off 18p prot rw shared
    write a 1
    write b+1p 2
    ioctl 0x104 1
    ioctl 0x102 1
    ioctl 0x103
    read a
    munmap a
    ioctl 0x103
    ioctl 0x102 1
    == wrong
    open rw
    ioctl 0x101
    ioctl 0x101 { u64 0, u32 0, u32 0, u64 0 }
    ioctl 0x101 { u64 1, u32 1, u32 0, u64 0 }
    ioctl 0x101 { u64 32769, u32 0, u32 0, u64 0 }
    ioctl 0x101 { u64 32768, u32 0, u32 0, u64 0 }
    a = mmap len 8p off 16p prot rw private
    a = mmap len 9p off 16p prot rw shared
    a = mmap len 1p off 15p prot rw shared
    a = mmap len 1p off 24p prot rw shared
    a = mmap len 2p off 23p prot rw shared
    a = mmap len 3p off 21p prot rw shared
    read a+2p
    == full
    open rw
    ioctl 0x101 { u64 1, u32 0, u32 0, u64 0 }
    ioctl 0x101 { u64 1, u32 0, u32 0, u64 0 }
    ioctl 0x101 { u64 1, u32 0, u32 0, u64 0 }
    ioctl 0x101 { u64 1, u32 0, u32 0, u64 0 }
    ioctl 0x101 { u64 1, u32 0, u32 0, u64 0 }
    ioctl 0x101 { u64 1, u32 0, u32 0, u64 0 }
    ioctl 0x101 { u64 1, u32 0, u32 0, u64 0 }
    ioctl 0x101 { u64 1, u32 0, u32 0, u64 0 }
    ioctl 0x103
    ioctl 0x102 3
    ioctl 0x101 { u64 1, u32 0, u32 0, u64 0 }
    ioctl 0x105 3
    ioctl 0x105 7
    ioctl 0x105 8
    == files
    f = open rw
    g = open rw
    ioctl 0x101 { u64 4096, u32 0, u32 0, u64 0 } of f
    ioctl 0x101 { u64 4096, u32 0, u32 0, u64 0 } of g
    a = mmap len 1p off 16p prot rw shared of g
    write a 3
    close f
    read a
    ioctl 0x103 of g
    b = mmap len 1p off 16p prot r shared of g
    read b
    munmap a
    ioctl 0x103 of g
    munmap b
    ioctl 0x103 of g
    == split
    open rw
    ioctl 0x101 { u64 16384, u32 0, u32 0, u64 0 }
    a = mmap len 4p off 16p prot rw shared
    write a+1p 4
    munmap a+1p len 1p
    ioctl 0x104 1
    read a+2p
    mremap a+2p len 4p maymove
    mprotect a len 1p prot r
    fork child
    ioctl 0x104 1
    in child: exit
    ioctl 0x104 1
    == faulty
    open rw
    g = mmap len 1p prot r private anonymous
    ioctl 0x101 g
    h = mmap len 1p prot rw private anonymous
    write h { u64 4096, u32 0, u32 0, u64 0 }
    mprotect h prot r
    ioctl 0x101 h
    ioctl 0x103
    ioctl 0x104 1
    ioctl 0x105 -1
    ioctl 0x102 0
    == closes
    open rw
    ioctl 0x101 { u64 8192, u32 0, u32 0, u64 0 }
    a = mmap len 2p off 16p prot rw shared
    close
    write a 5
    read a+1p
    munmap a
    == moves
    open rw
    ioctl 0x101 { u64 8192, u32 0, u32 0, u64 0 }
    a = mmap len 2p off 16p prot rw shared
    b = mremap a old 0 len 2p maymove
    write a 5
    read b
    ioctl 0x104 1
    madvise a dontneed
    read a
    munmap b
    ioctl 0x104 1`,
  ),
  ...drivers(
    'board',
    `== registers
    open rw
    a = mmap len 1p off 0 prot rw shared
    ioctl 0x104
    ioctl 0x105
    ioctl 0x106
    == memory
    open rw
    a = mmap len 3p off 16p prot rw shared
    b = mmap len 1p off 18p prot r shared
    == beyond
    open rw
    a = mmap len 2p off 0 prot rw shared
    a = mmap len 4p off 16p prot rw shared
    a = mmap len 1p off 19p prot rw shared
    a = mmap len 1p off 1p prot rw shared
    a = mmap len 2p off 17p prot rw private
    == forked
    open rw
    a = mmap len 2p off 16p prot rw shared
    fork child
    in child: munmap a
    munmap a+1p len 1p
    mprotect a prot r
    == moves
    open rw
    a = mmap len 3p off 16p prot r shared
    mremap a len 2p
    mremap a len 4p maymove
    b = mremap a old 0 len 1p maymove
    close
    rmmod`,
  ),
  ...drivers(
    'scattered',
    `== pages
    open rw
    a = mmap len 7p off 0 prot rw shared
    read a
    read a+4p
    read a+6p
    write a+5p 5
    pread len 4 off 20480
    munmap a+1p len 2p
    == pieces
    open rw
    a = mmap len 7p off 16p prot rw shared
    read a+4p
    read a+6p
    write a+3p 6
    pread len 4 off 12288
    fork child
    in child: read a+6p
    == short
    open rw
    a = mmap len 5p off 16p prot r shared
    b = mmap len 5p off 0 prot r private
    c = mmap len 1p off 1p prot r shared
    d = mmap len 8p off 0 prot r shared
    e = mmap len 5p off 16p prot rw private
    read a+4p
    read b+4p
    == faults
    open rw
    a = mmap len 7p off 32p prot rw shared
    read a+6p
    read a+4p
    b = mmap len 7p off 33p prot rw shared
    read b+5p
    read b+6p
    c = mmap len 1p off 37p prot rw private
    write c 4
    read c
    read a+5p
    == copies
    open rw
    pwrite "across two" off 16380
    a = mmap len 7p off 0 prot r shared
    read a+3p+4092 len 8
    pread len 10 off 16380
    pread len 8 off 28668
    pread len 8 off 28672
    pwrite "gone" off 28670
    pwrite "gone" off 28672
    == table
    open rw
    ioctl 0x101
    ioctl 0x102
    ioctl 0x102 1
    ioctl 0x102 2
    ioctl 0x102 3
    ioctl 0x103 16384
    ioctl 0x103 16385
    ioctl 0x103 28672
    ioctl 0x103 28673
    == position
    open rw
    lseek 4096
    pread len 4
    lseek 0 cur
    lseek 0 end
    lseek -1
    pwrite "" off 0
    pwrite "abcd"
    a = mmap len 2p off 0 prot r shared
    read a
    read a+1p len 8`,
  ),
  ...drivers(
    'clock-page',
    `== reads
    open ro
    a = mmap len 1p off 0 prot r shared
    read a len 8
    read a+8 len 16
    read a+24 len 8
    read a+32 len 16
    == sets
    open ro
    a = mmap len 1p off 0 prot r shared
    ioctl 0x101 { u64 5, u64 123456789 }
    read a
    read a+8 len 16
    read a+32 len 12
    ioctl 0x102
    ioctl 0x103 900000000
    ioctl 0x102
    read a+32 len 12
    ioctl 0x104 1000
    ioctl 0x104
    == wrong
    open ro
    ioctl 0x101 { u64 5, u64 1000000000 }
    ioctl 0x101 { u64 0xffffffffffffffff, u64 0 }
    ioctl 0x101
    ioctl 0x105
    ioctl 0x103 0xffffffff
    ioctl 0x102
    == locked
    open rw
    a = mmap len 1p off 0 prot r shared
    mprotect a prot rw
    mprotect a prot rx
    mprotect a prot none
    mprotect a prot r
    b = mmap len 1p off 0 prot rw private
    b = mmap len 1p off 0 prot r private
    mprotect b prot rw
    write b 1 by mem
    read b
    == shapes
    open ro
    a = mmap len 2p off 0 prot r shared
    a = mmap len 1p off 1p prot r shared
    a = mmap len 1p off 0 prot rx shared
    a = mmap len 1p off 0 prot none shared
    read a
    mprotect a prot r
    read a
    mremap a len 2p maymove
    fork child
    in child: read a+24`,
  ),
  ...drivers(
    'script',
    `== fills
    open rw
    a = mmap len 2p off 0 prot rw shared
    pwrite "fill 1 0x55"
    read a+1p
    pwrite "word 4096 1f\\n\\n  copy 1 0\\n# nothing\\n"
    read a
    pread len 64
    pread len 64
    == sizes
    open rw
    pwrite "size 3"
    a = mmap len 3p off 0 prot rw shared
    pwrite "size 2"
    munmap a
    pwrite "fill 2 9\\nsize 0x4\\n"
    a = mmap len 4p off 0 prot r shared
    read a+2p
    b = mmap len 1p off 4p prot r shared
    == wrong
    open rw
    pwrite "fill 2 1"
    pwrite "fill 0 256"
    pwrite "fill 0"
    pwrite "fill x 1"
    pwrite "word 3 1"
    pwrite "word 8192 1"
    pwrite "word 1"
    pwrite "size 9"
    pwrite "size 1x"
    pwrite "nothing"
    pwrite "size"
    pwrite "copy 0 2"
    pwrite "copy -1 1"
    == fails
    open rw
    pwrite "fail -5"
    pwrite "fail 5"
    pwrite "fail -4096"
    pwrite "FILL 0 1\\nfail -19\\nfill 1 1"
    a = mmap len 2p off 0 prot r private
    read a
    read a+1p
    == names
    open rw
    pwrite "name  Some  "
    pread len 22
    pread len 40
    pwrite "name abcdefghijklmnop"
    pwrite "name a/b"
    lseek 0
    pread len 64
    == users
    open rw
    a = mmap len 2p off 0 prot rw shared
    fork child
    munmap a len 1p
    pread len 64
    in child: exit
    lseek 0
    pread len 64
    mremap a+1p len 2p maymove
    lseek 5
    pread len 10
    == long
    open rw
    g = mmap len 1p prot rw private anonymous
    write g 0x61 len 300
    pwrite from g len 257
    pwrite from g len 256
    pwrite from 0 len 10
    pwrite ""`,
  ),
  ...drivers(
    'slots',
    `== makes
    open rw
    ioctl 0x101 7
    ioctl 0x101 7
    ioctl 0x101 9
    a = mmap len 1p off 7p prot rw shared
    read a
    ioctl 0x103 7
    ioctl 0x105
    ioctl 0x102 7
    ioctl 0x103 7
    read a
    munmap a
    ioctl 0x103 7
    ioctl 0x104
    ioctl 0x101 7
    == full
    open rw
    ioctl 0x101 1
    ioctl 0x101 2
    ioctl 0x101 3
    ioctl 0x101 4
    ioctl 0x101 5
    ioctl 0x102 2
    ioctl 0x102 2
    ioctl 0x101 5
    ioctl 0x104
    ioctl 0x101 5
    ioctl 0x105
    == none
    open rw
    a = mmap len 1p off 0 prot rw shared
    ioctl 0x103
    ioctl 0x104
    ioctl 0x106
    == forked
    open rw
    ioctl 0x101 3
    a = mmap len 2p off 3p prot rw shared
    write a 4
    read a+1p
    fork child
    ioctl 0x103 3
    munmap a+1p len 1p
    ioctl 0x103 3
    in child: munmap a len 1p
    in child: exit
    ioctl 0x103 3
    == private
    open rw
    ioctl 0x101 3
    a = mmap len 1p off 3p prot rw private
    write a 4
    ioctl 0x102 3
    munmap a
    ioctl 0x104
    ioctl 0x104
    == split
    open rw
    ioctl 0x101 3
    a = mmap len 3p off 3p prot rw shared
    read a
    mprotect a+1p len 1p prot r
    ioctl 0x103 3
    munmap a len 1p
    read a+1p
    ioctl 0x103 3`,
  ),
  ...drivers(
    'dispatch',
    `== info
    open rw
    g = mmap len 1p prot rw private anonymous
    ioctl 0x80084440 g
    read g len 8
    ioctl 0x80044440 g+16
    read g+16 len 8
    ioctl 0x4440 g
    ioctl 0x80084440
    == sets
    open rw
    a = mmap len 6p off 0 prot rw shared
    ioctl 0x40104441 { u32 0, u32 3, u32 100, u32 1 }
    read a
    write a 5
    ioctl 0x40104441 { u32 0, u32 4, u32 0xffffffff, u32 0 }
    read a
    ioctl 0x40104441 { u32 0, u32 4, u32 1, u32 30 }
    write a 6
    read a
    write a 6
    == asks
    open rw
    g = mmap len 1p prot rw private anonymous
    ioctl 0x40104441 { u32 2, u32 5, u32 0x7ff, u32 0x1b }
    write g { u32 2, u32 0, u32 0, u32 0 }
    ioctl 0xc0104442 g
    read g len 16
    ioctl 0xc0084442 g
    ioctl 0xc0504442 g
    write g 6
    ioctl 0xc0104442 g
    == wrong
    open rw
    ioctl 0x40104441
    ioctl 0x40104441 { u32 6, u32 0, u32 0, u32 0 }
    ioctl 0x40104441 { u32 0, u32 6, u32 0, u32 0 }
    ioctl 0x40104441 { u32 0, u32 0, u32 0, u32 32 }
    ioctl 0x40104445
    ioctl 0x4010443f
    ioctl 0x40104541
    ioctl 0x40414441 { u32 0 }
    == reset
    open rw
    a = mmap len 2p off 0 prot rw shared
    ioctl 0x40104441 { u32 1, u32 0, u32 0, u32 1 }
    write a+1p 8
    ioctl 0x4443
    read a+1p
    ioctl 0x40044441 { u32 1 }
    read a+1p
    write a+1p 8
    == private
    open rw
    ioctl 0x40104441 { u32 1, u32 2, u32 0, u32 1 }
    a = mmap len 2p off 0 prot rw private
    write a+1p 8
    ioctl 0x4443
    read a+1p
    read a
    b = mmap len 1p off 6p prot r shared
    read b
    ioctl 0x40104441 { u32 1, u32 2, u32 0, u32 1 }
    c = mmap len 1p off 1p prot r shared
    read c`,
  ),
  ...drivers(
    'carver',
    `== blocks
    open rw
    ioctl 0x103
    ioctl 0x101 5000
    ioctl 0x101 4096
    a = mmap len 2p off 0 prot rw shared
    b = mmap len 1p off 2p prot rw shared
    read a
    read b
    ioctl 0x102 0
    ioctl 0x103
    write a 5
    munmap a
    ioctl 0x103
    ioctl 0x101 8192
    == full
    open rw
    ioctl 0x101 0x8000
    ioctl 0x101 0x4000
    ioctl 0x101 0x8000
    ioctl 0x101 0x4000
    ioctl 0x101 1
    ioctl 0x102 8
    ioctl 0x101 1
    ioctl 0x101 0x4000
    ioctl 0x103
    ioctl 0x104
    == wrong
    open rw
    ioctl 0x101 0
    ioctl 0x101 0x10001
    ioctl 0x102 0
    ioctl 0x102 16
    a = mmap len 1p off 0 prot rw shared
    a = mmap len 1p off 16p prot rw shared
    ioctl 0x101 0x2000
    a = mmap len 3p off 0 prot rw shared
    a = mmap len 1p off 1p prot rw private
    a = mmap len 1p off 1p prot rw shared
    read a
    == users
    open rw
    ioctl 0x101 0x3000
    a = mmap len 3p off 0 prot rw shared
    fork child
    ioctl 0x102 0
    munmap a+1p len 1p
    ioctl 0x103
    in child: read a+2p
    in child: exit
    read a
    munmap a
    ioctl 0x103
    read a+2p`,
  ),
  ...drivers(
    'tally',
    `== counts
    open rw
    pwrite "hello"
    lseek 0
    pread len 24 off 0
    pread len 16 off 24
    pread len 8 off 40
    pread len 24 off 48
    ioctl 0x101
    == maps
    open rw
    a = mmap len 1p off 0 prot r shared
    read a len 8
    pread len 8 off 16
    read a+16 len 8
    b = mmap len 1p off 0 prot rw private
    write b 3
    read a
    c = mmap len 1p off 0 prot rw shared
    d = mmap len 2p off 0 prot r shared
    read d+1p
    ioctl 0x101
    == atomics
    open rw
    ioctl 0x102 5
    ioctl 0x103 5
    ioctl 0x103 6
    ioctl 0x105
    ioctl 0x102 0
    ioctl 0x105
    ioctl 0x102
    == balance
    open rw
    ioctl 0x104 0
    ioctl 0x104 1
    ioctl 0x104 2
    pwrite "123456"
    ioctl 0x104
    ioctl 0x106 40
    ioctl 0x104 40
    ioctl 0x106 -3
    == positions
    open rw
    pwrite "abc"
    pread len 8
    lseek 5
    lseek 0 cur
    pwrite from 0 len 5
    pwrite "x" off 70
    pread len 100 off 70`,
  ),
  ...drivers(
    'pads',
    `== files
    f = open rw
    g = open rw
    a = mmap len 2p off 0 prot rw shared of f
    b = mmap len 2p off 0 prot rw shared of g
    read a
    read b+1p
    write a 9
    ioctl 0x102 of g
    c = mmap len 1p off 0 prot r private of f
    read c
    close f
    read a+1p
    ioctl 0x102 of g
    == limit
    open rw
    a = mmap len 6p off 0 prot rw shared
    read a
    read a+1p
    read a+2p
    read a+3p
    read a+4p
    read a+5p
    ioctl 0x101 1
    read a+5p
    read a+1p
    ioctl 0x103 2
    read a+1p
    ioctl 0x102
    == exclusive
    f = open rw excl
    open rw
    close f
    f = open rw
    open rw excl
    open rw
    ioctl 0x104
    == drops
    f = open rw
    g = open rw
    a = mmap len 3p off 1p prot rw shared of f
    b = mmap len 3p off 1p prot rw shared of g
    write a+1p 3
    write b+1p 4
    ioctl 0x101 2 of f
    read b+1p
    read a+1p
    ioctl 0x101 1 of f
    ioctl 0x104 0 of f
    ioctl 0x104 3 of g
    == forked
    open rw
    a = mmap len 2p off 0 prot rw private
    write a 1
    fork child
    in child: write a 2
    in child: read a+1p
    ioctl 0x102
    close
    in child: ioctl 0x101 0
    in child: read a
    in child: exit
    read a+1p`,
  ),
  ...drivers(
    'profiles',
    `== finds
    open rw
    pwrite { u32 100, u32 10, u32 5, u32 3, u32 70, u32 1 }
    ioctl 0x101 5
    ioctl 0x101 7
    ioctl 0x101 8
    ioctl 0x101 70
    ioctl 0x101 109
    ioctl 0x101 110
    ioctl 0x102
    a = mmap len 1p off 0 prot r shared
    read a len 16
    read a+16 len 16
    == wrong
    open rw
    pwrite "abc"
    pwrite ""
    pwrite { u32 5, u32 3, u32 7, u32 1 }
    pwrite { u32 5, u32 3, u32 8, u32 1 }
    pwrite from 0 len 8
    pwrite from 0 len 136
    ioctl 0x101 4
    a = mmap len 2p off 0 prot r shared
    == timers
    open rw
    ioctl 0x105
    ioctl 0x103 60000
    ioctl 0x105
    ioctl 0x103 60000
    ioctl 0x104
    ioctl 0x104
    ioctl 0x105`,
  ),
];
