/**
 * Brings what a kernel prints to the words that two runs have in common: no addresses, no processes, no line numbers. Used for
 * the real kernel's messages and for the model's.
 */

interface Form {
  readonly pattern: RegExp;
  readonly as: (match: RegExpExecArray) => string;
}

/** The first that fits says how a line is written; lines without a form are left out. */
const forms: readonly Form[] = [
  // `WARNING: CPU: 0 PID: 82 at mm/memory.c:2123 insert_page+0x10/0x20`, and the model's `WARNING: at mm/memory.c insert_page`.
  {
    pattern: /WARNING: (?:CPU: \d+ PID: \d+ )?at (?:\.\/)?(\S+?)(?::\d+)? (\w+)/,
    as: ([, file = '', name = '']) => (isModule(file) ? `WARNING at ${nameOf(file)}` : `WARNING at ${file} ${withoutSuffix(name)}`),
  },
  // What lockdep has to say.
  {
    pattern:
      /WARNING: (possible [\w ]+ detected|suspicious [\w ]+|bad unlock balance|held lock freed|lock held when returning|\S+ still has locks held)/,
    as: ([, what = '']) => `WARNING: ${withoutNumbers(what)}`,
  },
  { pattern: /kernel BUG at (?:\.\/)?(\S+?)(?::\d+)?!/, as: ([, file = '']) => `kernel BUG at ${nameOf(file)}` },
  {
    pattern: /BUG: Bad rss-counter state .*type:(\w+) val:(-?\d+)/,
    as: ([, type = '', value = '']) => `BUG: Bad rss-counter state ${type} ${value}`,
  },
  { pattern: /BUG: Bad page (state|map|cache)/, as: ([, what = '']) => `BUG: Bad page ${what}` },
  { pattern: /BUG: unable to handle page fault/, as: () => 'BUG: unable to handle page fault' },
  { pattern: /BUG: kernel NULL pointer dereference/, as: () => 'BUG: kernel NULL pointer dereference' },
  {
    pattern: /BUG: (sleeping function called from invalid context|scheduling while atomic|workqueue leaked)/,
    as: ([, what = '']) => `BUG: ${what}`,
  },
  { pattern: /general protection fault/, as: () => 'general protection fault' },
  { pattern: /page dumped because: (.*)/, as: ([, why = '']) => `page dumped because: ${why.trim()}` },
  { pattern: /x86\/PAT: (.*)/, as: ([, what = '']) => `x86/PAT: ${withoutNumbers(what)}` },
  { pattern: /refcount_t: (.*)/, as: ([, what = '']) => `refcount_t: ${what.trim()}` },
  { pattern: /ioremap on RAM/, as: () => 'ioremap on RAM' },
  { pattern: /list_(add|del) corruption/, as: ([, what = '']) => `list_${what} corruption` },
];

/** A file of a module: built in a folder of its own, or named alone. In which function it warns is up to the compiler. */
const isModule = (file: string) => file.startsWith('/') || !file.includes('/');

/** Without the folder where a module was built. */
const nameOf = (file: string) => (isModule(file) ? file.slice(file.lastIndexOf('/') + 1) : file);

/** `.isra.0`, `.part.0`, `.cold`: what the compiler made of a function. */
function withoutSuffix(name: string): string {
  return name.replace(/\.(isra|part|constprop|cold).*$/, '');
}

/** A line with the function's own name where some compilers put it into its caller and that one is printed. */
export function withoutInlining(line: string): string {
  return line.replace(/ do_wp_page\b/, ' wp_page_copy').replace(/ remap_pfn_range_notrack\b/, ' remap_pfn_range_internal');
}

/** Without processes (`program:82`), ranges and addresses. */
function withoutNumbers(text: string): string {
  return text
    .replace(/\[mem [^\]]*\]/g, '[mem]')
    .replace(/\b[\w-]+:\d+\b ?/g, '')
    .replace(/0x[0-9a-f]+/g, '0x')
    .trim();
}

/** The lines that matter, brought to common words; a line that repeats itself stands once, with how often: `BUG: Bad page map (3)`. */
export function normalisedMessages(lines: readonly string[]): readonly string[] {
  const kept: { readonly text: string; count: number }[] = [];
  for (const line of lines.flatMap((each) => each.split('\n'))) {
    const form = forms.find(({ pattern }) => pattern.test(line));
    const match = form?.pattern.exec(line);
    if (!form || !match) continue;
    const text = form.as(match);
    const last = kept.find((each) => each.text === text);
    if (last) last.count += 1;
    else kept.push({ text, count: 1 });
  }
  return kept.map(({ text, count }) => (count === 1 ? text : `${text} (${count})`));
}
