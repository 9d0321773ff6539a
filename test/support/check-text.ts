/** Checks a C text as the programs do, with files that exist only in the test. */
import { targetFor } from '../../server/src/driver/target.ts';
import { type CheckOptions, type CheckResult, checkDocument } from '../../server/src/ide/check.ts';
import { SourceDocument } from '../../server/src/ide/document.ts';
import { hostOf } from './driver.ts';
import { testGrammar } from './grammar.ts';

export interface TextFile {
  readonly text: string;
  readonly kernel?: string;
  /** Other files by absolute path, such as `/driver/regs.h`. */
  readonly files?: Readonly<Record<string, string>>;
}

/** A document over `text`, as `/driver/driver.c`. */
export async function openText({ text, kernel = '6.12', files = {} }: TextFile): Promise<SourceDocument> {
  const host = hostOf(files);
  const file = '/driver/driver.c';
  return new SourceDocument({ grammar: await testGrammar(), host, target: targetFor(file, kernel, host) }, file, text);
}

export async function checkText(file: TextFile, options: CheckOptions = {}): Promise<CheckResult> {
  const document = await openText(file);
  return checkDocument(document, options);
}
