/** The pages of `docs/rules/`, which the build copies beside the program. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

const builtFolder = (): string => path.join(__dirname, 'rules');

/** The Markdown of a rule's page, or `undefined` when the program was built without it. */
export function readRulePage(rule: string, folder = builtFolder()): string | undefined {
  try {
    return readFileSync(path.join(folder, `${rule}.md`), 'utf8');
  } catch {
    return undefined;
  }
}

/** Where a rule's page lies; `undefined` when the program was built without it. */
export function rulePagePath(rule: string, folder = builtFolder()): string | undefined {
  const file = path.join(folder, `${rule}.md`);
  return existsSync(file) ? file : undefined;
}

const mentions = new Map<string, ReadonlyMap<string, readonly string[]>>();

/** The rules whose pages name a call, flag or slot where they tell what the rule does. The pages are read once. */
export function rulesAbout(name: string, folder = builtFolder()): readonly string[] {
  let known = mentions.get(folder);
  if (!known) {
    known = readMentions(folder);
    mentions.set(folder, known);
  }
  return known.get(name) ?? [];
}

function readMentions(folder: string): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  if (!existsSync(folder)) return found;
  for (const file of readdirSync(folder).sort()) {
    const rule = file.replace(/\.md$/, '');
    const [, does = ''] = /^## What it does\n([\s\S]*?)(?=^## |$(?![\s\S]))/m.exec(readRulePage(rule, folder) ?? '') ?? [];
    const names = new Set([...does.matchAll(/`([^`]+)`/g)].flatMap(([, code = '']) => code.match(/[A-Za-z_][\w.]*\w/g) ?? []));
    for (const name of names) found.set(name, [...(found.get(name) ?? []), rule]);
  }
  return found;
}
