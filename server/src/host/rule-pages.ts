/** The pages of `docs/rules/`, which the build copies beside the program. */
import { readFileSync } from 'node:fs';
import path from 'node:path';

/** The Markdown of a rule's page, or `undefined` when the program was built without it. */
export function readRulePage(rule: string, folder = path.join(__dirname, 'rules')): string | undefined {
  try {
    return readFileSync(path.join(folder, `${rule}.md`), 'utf8');
  } catch {
    return undefined;
  }
}
