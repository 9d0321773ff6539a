/**
 * All that the tables know of a name, as a page of Markdown: what a hover says in short, without its limits. Knows no files; which rules
 * are about the name is told by who asks.
 */
import type { Fact, Ranged } from '../kernel/fact.ts';
import { kernelDocs } from '../kernel/kernel-docs.ts';
import { factsNamed } from '../kernel/lookup.ts';
import { formatVersion, inRange, type KernelVersion, type VersionRange } from '../kernel/version.ts';
import { ruleNamed } from '../rules/registry.ts';
import { factKinds, hoverOf, versionsText } from './hover-fact.ts';

/** The page of `name` in `version`, with the rules (by name) that are about it; `undefined` for a name that the tables do not have. */
export function factPage(name: string, version: KernelVersion, rules: readonly string[]): string | undefined {
  const facts = factsNamed(name);
  if (facts.length === 0) return undefined;
  const about = rules.flatMap((each) => ruleNamed(each) ?? []).map((rule) => `\`${rule.name}\`: ${rule.summary}`);
  return `${[...facts.map((fact) => sectionsOf(fact, version)), section('Rules about it', about)].filter(Boolean).join('\n\n')}\n`;
}

function sectionsOf(fact: Fact, version: KernelVersion): string {
  const now = hoverOf(fact, fact.name, version).facts.find(({ label }) => label.startsWith('In '));
  const { lock, vma, page, range, context } = fact.requires;
  const versions = versionsText(fact);
  const docs = kernelDocs(fact);
  return [
    `# \`${fact.name}\``,
    `${[factKinds[fact.kind], versions].filter(Boolean).join(', ')}.${now ? ` **${now.label}: ${now.text}.**` : ''}`,
    prototypes(fact),
    fact.does.join('\n\n'),
    section('Needs', [
      ...labelled('Lock', lock),
      ...labelled('vma', vma),
      ...labelled('Page', page),
      ...labelled('Range', range),
      ...labelled('Context', context),
    ]),
    section('By version', byVersion(fact, version)),
    section(
      'Returns',
      fact.returns.map(({ value, when }) => `${/\s/.test(value) ? value : `\`${value}\``}: ${when}`),
    ),
    section(
      'What the kernel checks',
      fact.asserts.map(({ macro, when }) => `\`${macro}\`: ${when}`),
    ),
    section('Memory', memory(fact)),
    section('Instead', fact.replacedBy === undefined ? [] : [fact.replacedBy]),
    section('Notes', fact.notes),
    section('Where it is described', [
      ...(docs === undefined ? [] : [`[Kernel documentation](${docs})`]),
      ...labelled('Header', fact.header && `\`${fact.header}\``),
      ...fact.source,
    ]),
  ]
    .filter(Boolean)
    .join('\n\n');
}

function section(title: string, rows: readonly string[]): string {
  return rows.length === 0 ? '' : `## ${title}\n\n${rows.map((row) => `- ${row}`).join('\n')}`;
}

function labelled(label: string, text: string | undefined): readonly string[] {
  return text === undefined || text === '' ? [] : [`${label}: ${text}`];
}

/** How it is written, the newest way first, each with its versions where there is more than one. */
function prototypes(fact: Fact): string {
  if (!('prototypes' in fact) || fact.prototypes.length === 0) return '';
  const several = fact.prototypes.length > 1;
  const lines = fact.prototypes.toReversed().map(({ range, text }) => (several ? `/* ${rangeText(range)} */\n${text}` : text));
  return `\`\`\`c\n${lines.join('\n')}\n\`\`\``;
}

/** What changed with the versions; the row that holds for `version` is bold. */
function byVersion(fact: Fact, version: KernelVersion): readonly string[] {
  const rows = <Value>(values: readonly Ranged<Value>[], write: (value: Value) => string): readonly string[] =>
    values.map(({ range, value }) => {
      const text = `${rangeText(range)}: ${write(value)}`;
      return inRange(version, range) && values.length > 1 ? `**${text}**` : text;
    });
  if (fact.kind === 'call') return rows(fact.setsFlags, (flags) => (flags.length > 0 ? `sets ${flags.join(' | ')}` : 'sets no flag'));
  if (fact.kind !== 'flag') return [];
  return [
    ...rows(fact.values, (bits) => `0x${bits.toString(16)}`),
    ...rows(fact.mask, (members) => members.join(' | ')),
    ...labelled('In the VmFlags of /proc/PID/smaps', fact.smaps && `\`${fact.smaps}\``),
    ...labelled('Set by', fact.setBy.join(', ')),
  ];
}

function memory(fact: Fact): readonly string[] {
  if (fact.kind !== 'allocator') return [];
  const { zeroed, mapWith, pageRefcount, freedBy } = fact.memory;
  return [
    zeroed ? 'It is cleared.' : 'It is not cleared: what it held before reaches user space, unless the driver clears it.',
    ...labelled('Mapped with', mapWith.join('; ')),
    ...labelled('Counting of its pages', pageRefcount),
    ...labelled('Given back by', freedBy && `\`${freedBy}()\``),
  ];
}

/** `until` is the first version on which it no longer holds. */
function rangeText({ since, until }: VersionRange): string {
  if (since && until) return `from ${formatVersion(since)} to before ${formatVersion(until)}`;
  if (since) return `since ${formatVersion(since)}`;
  return until ? `before ${formatVersion(until)}` : 'all versions';
}
