/** `driver-mmap explain`: the page of a rule, or all that is known of a call, flag or slot of Linux; the pages that the editor shows. */
import { readRulePage, rulesAbout } from '../host/rule-pages.ts';
import { factPage } from '../ide/fact-page.ts';
import { factNames } from '../kernel/lookup.ts';
import { newestKernel, parseVersion } from '../kernel/version.ts';
import { ruleNamed, rules } from '../rules/registry.ts';
import { didYouMean } from '../simulation/scenario/spelling.ts';
import { type Arguments, UsageError } from './command.ts';
import type { Output } from './terminal.ts';

export async function runExplain(given: Arguments, output: Output): Promise<number> {
  const [name, ...more] = given.operands;
  if (name === undefined || more.length > 0) throw new UsageError('explain takes one name: a rule, a call, a flag or a handler slot.');
  const rule = ruleNamed(name);
  if (rule) {
    output.out(readRulePage(name) ?? `${rule.name} (${rule.severity})\n\n${rule.summary}\n`);
    return 0;
  }
  const version = parseVersion(given.text('kernel') ?? '') ?? newestKernel;
  const page = factPage(name, version, rulesAbout(name));
  if (page === undefined)
    throw new UsageError(
      `${name} is no rule, and no call, flag or slot that driver-mmap knows; driver-mmap rules lists the rules.${didYouMean(name, [...rules.map((each) => each.name), ...factNames()])}`,
    );
  output.out(page);
  return 0;
}
