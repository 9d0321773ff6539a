/** Random walks over the language: what a program does in an order that nobody thought of. A seed makes the same walk each time. Knows no module. */
import { type KernelScenario, lot, mapped, type Subject } from './scenario.ts';

/** A source of numbers that a text starts. */
export class Chance {
  #count = 0;
  readonly #seed: string;

  constructor(seed: string) {
    this.#seed = seed;
  }

  /** From 0 to below `count`. */
  below(count: number): number {
    this.#count += 1;
    return Math.floor(lot(`${this.#seed} ${this.#count}`) * count);
  }

  of<T>(items: readonly T[]): T {
    const item = items[this.below(items.length)];
    if (item === undefined) throw new Error('nothing to choose from');
    return item;
  }
}

const advices = [
  'normal', 'random', 'sequential', 'willneed', 'dontneed', 'dontneed', 'dontneed', 'free', 'remove', 'dontfork', 'dofork', 'mergeable', 'unmergeable',
  'hugepage', 'nohugepage', 'dontdump', 'dodump', 'wipeonfork', 'keeponfork', 'cold', 'pageout', 'populate_read', 'populate_write',
  'dontneed_locked',
] as const; // biome-ignore format: a list
const protections = ['none', 'r', 'r', 'w', 'rw', 'rw', 'rx', 'rwx'] as const;
const ways = ['', '', '', '', ' by syscall', ' by mem', ' by process_vm', ' by ptrace', ' by direct'] as const;
const flags = ['', '', '', '', 'populate', 'locked', 'noreserve', 'stack', 'hugetlb', 'growsdown', 'nonblock', 'populate nonblock', 'sync'] as const; // biome-ignore format: a list

/** One walk of `steps` statements after the mapping `a`. */
export function wander(subject: Subject, seed: string, steps = 8): KernelScenario {
  const chance = new Chance(`${subject.module} ${subject.variant} ${subject.sharing} ${seed}`);
  const { before = [], between = [], above = 1 } = subject;
  const lines: string[] = [`open ${subject.open}`, ...before];
  if (chance.below(4) === 0) lines.push('n = mmap len 32p prot none private anonymous');
  const hasReserve = lines.length > 1 + before.length;
  const flag = chance.of(flags);
  const place = hasReserve && chance.below(2) === 0 ? ' fixed at n+8p' : '';
  if (place === '') lines.push(`g = mmap len ${above}p prot none private anonymous`);
  lines.push(`${mapped(subject, 'a', flag)}${place}`);
  const names = ['a'];
  const actors: string[] = [''];
  let isClosed = false;
  const { pages } = subject;
  const page = () => chance.below(pages + (chance.below(4) === 0 ? 1 : 0));
  const at = () => {
    const name = chance.of(names);
    const number = name === 'a' || chance.below(2) === 0 ? page() : 0;
    return number === 0 ? name : `${name}+${number}p`;
  };
  const inside = () => {
    const offset = chance.of(['', '', '', '+4', '+4092', '+2048', '+4094']);
    return `${at()}${offset}`;
  };
  const part = () => {
    if (chance.below(3) === 0) return { at: chance.of(names), len: '' };
    const first = chance.below(pages);
    const length = 1 + chance.below(Math.max(1, pages - first));
    const odd = chance.below(8) === 0 ? '+100' : '';
    return { at: `${chance.of(names)}${first === 0 ? '' : `+${first}p`}`, len: ` len ${length}p${odd}` };
  };
  const moves = [
    ...Array.from({ length: 8 }, () => () => `read ${inside()}${chance.of(['', '', ' len 8', ' len 1p', ' len 16'])}${chance.of(ways)}`),
    ...Array.from(
      { length: 8 },
      () => () => `write ${inside()} 0x${(chance.below(250) + 1).toString(16)}${chance.of(['', '', ' len 8'])}${chance.of(ways)}`,
    ),
    ...Array.from({ length: 3 }, () => () => {
      const range = part();
      return `mprotect ${range.at}${range.len} prot ${chance.of(protections)}`;
    }),
    ...Array.from({ length: 2 }, () => () => {
      const range = part();
      if (range.len === '' && lines.length < steps + before.length) return `read ${range.at}`;
      return `munmap ${range.at}${range.len}`;
    }),
    ...Array.from({ length: 4 }, () => () => {
      const range = part();
      return `madvise ${range.at}${range.len} ${chance.of(advices)}`;
    }),
    ...Array.from({ length: 3 }, () => () => {
      const name = chance.of(names);
      const length = chance.of([pages, pages + 1, Math.max(1, pages - 1), 1]);
      const how = chance.of([
        '',
        ' maymove',
        ' maymove',
        hasReserve ? ` fixed at n+${16 + chance.below(8)}p` : ' maymove',
        ' maymove dontunmap',
      ]);
      if (chance.below(3) === 0) {
        const fresh = `m${names.length}`;
        names.push(fresh);
        const first = chance.below(pages);
        return chance.below(2) === 0
          ? `${fresh} = mremap ${name} old 0 len ${length}p${how || ' maymove'}`
          : `${fresh} = mremap ${name}${first === 0 ? '' : `+${first}p`} old 1p len ${chance.of([1, 1, 2])}p${how || ' maymove'}`;
      }
      if (how.includes('dontunmap')) {
        const fresh = `m${names.length}`;
        names.push(fresh);
        return `${fresh} = mremap ${name} len ${length}p${how}`;
      }
      return `mremap ${name} len ${length}p${how}`;
    }),
    ...Array.from({ length: 2 }, () => () => {
      const range = part();
      return `${chance.of(['mlock', 'mlock', 'munlock'])} ${range.at}${range.len}`;
    }),
    () => `mlock ${chance.of(names)} onfault`,
    () => chance.of(['mlockall current', 'mlockall future', 'mlockall current onfault', 'munlockall', 'mlockall current future']),
    () => {
      const range = part();
      return `msync ${range.at}${range.len} ${chance.of(['sync', 'async', 'invalidate', 'sync invalidate', 'sync async'])}`;
    },
    () => {
      const range = part();
      return `mincore ${range.at}${range.len}`;
    },
    () => {
      const range = part();
      return `remap_file_pages ${range.at}${range.len} off ${subject.offset + chance.below(pages)}p`;
    },
    ...Array.from({ length: 2 }, () => () => {
      if (actors.length > 2) return 'read a';
      const name = `c${actors.length}`;
      actors.push(name);
      return `${chance.of(['fork', 'fork', 'fork', 'thread'])} ${name}`;
    }),
    () => {
      const fresh = `b${names.length}`;
      if (isClosed) return 'read a';
      names.push(fresh);
      const more = chance.of(['', '', 'populate', 'fixed at a', `fixed at a+${pages - 1}p`, 'fixed_noreplace at a']);
      return mapped(
        { ...subject, sharing: chance.of(['shared', 'private']), prot: chance.of(protections), pages: 1 + chance.below(pages) },
        fresh,
        more,
      );
    },
    () => {
      const fresh = `x${names.length}`;
      names.push(fresh);
      return `${fresh} = mmap len ${1 + chance.below(pages)}p prot ${chance.of(protections)} private anonymous${chance.of(['', ` fixed at a+${chance.below(pages)}p`, ' populate'])}`;
    },
    () => {
      if (isClosed || actors.length > 1) return 'read a';
      isClosed = true;
      return 'close';
    },
    () => `exec ${at()}`,
    ...between.map((line) => () => line.replace(/\bAT\b/, at())),
  ];
  while (lines.length < steps + 2 + before.length) {
    const known = actors.length;
    const line = chance.of(moves)();
    if (line === 'read a' && chance.below(2) === 0) continue;
    // Of those that were there before the statement.
    const actor = chance.of(actors.slice(0, known));
    const isFork = line.startsWith('fork') || line.startsWith('thread');
    const isMaking = / = /.test(line);
    lines.push(actor === '' || isFork || isMaking ? line : `in ${actor}: ${line}`);
  }
  return { module: subject.module, name: `${subject.variant}-${subject.sharing}-walk-${seed}`, text: lines.join('\n') };
}
