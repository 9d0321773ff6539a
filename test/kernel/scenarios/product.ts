/** The scenarios that are products: subjects times stories, thinned by lots so that a run of a kernel ends in minutes. */
import { type KernelScenario, lot, type Subject } from './scenario.ts';
import { allStories, basicStories, mappingStories, type Story, tell } from './stories.ts';
import { coreSubjects, modeSubjects, moreSubjects } from './subjects.ts';

/** How many of the products are kept, from 0 to 1. */
const shares = { coreShared: 0.28, corePrivate: 0.2, basic: 0.3, more: 0.005, modes: 0.15 };

function scenario(subject: Subject, story: Story, maps = true): KernelScenario {
  const { module, variant, sharing } = subject;
  return { module, name: `${variant}-${sharing}-${story.name}`, text: tell(subject, story, maps) };
}

function multiplied(
  subjects: readonly Subject[],
  stories: readonly Story[],
  share: (subject: Subject) => number,
  maps = true,
): readonly KernelScenario[] {
  return subjects.flatMap((subject) =>
    stories
      .filter(({ pages = 1 }) => subject.pages >= pages)
      .map((story) => scenario(subject, story, maps))
      .filter(({ module, name }) => lot(`${module} ${name}`) < share(subject)),
  );
}

const coreShare = ({ sharing }: Subject) => (sharing === 'shared' ? shares.coreShared : shares.corePrivate);

/** What may be done after each way to open and protect. */
const modeStories: readonly Story[] = [
  { name: 'read', lines: () => ['read a', 'mprotect a prot rw', 'write a 1'] },
  { name: 'write', lines: () => ['write a 1', 'read a', 'mprotect a prot r', 'read a'] },
  { name: 'widen', lines: () => ['mprotect a prot rwx', 'exec a', 'write a 0xc3'] },
];

/** All products; the same each time. */
export function products(): readonly KernelScenario[] {
  const all = [
    ...multiplied(coreSubjects, [...basicStories, ...allStories], coreShare),
    ...multiplied(coreSubjects, mappingStories, coreShare, false),
    ...multiplied(moreSubjects, basicStories, () => shares.basic),
    ...multiplied(moreSubjects, allStories, () => shares.more),
    ...multiplied(moreSubjects, mappingStories, () => shares.more, false),
    ...multiplied(modeSubjects, modeStories, () => shares.modes),
  ];
  return [...new Map(all.map((each) => [`${each.module} ${each.name}`, each])).values()];
}
