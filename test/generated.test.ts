/** Every file that is made from a table is up to date. */
import { describe, expect, it } from 'vitest';
import { generatedFiles } from '../generate/files.ts';
import { withScenarioTables } from '../generate/scenario-page.ts';
import { readProjectFile } from './support/sources.ts';

describe('generated files', () => {
  it.each(generatedFiles)('$file is what npm run generate would write', ({ file, textFrom }) => {
    const text = readProjectFile(file);
    // The formatter may lay out JSON in another way; what it says is what counts.
    if (file.endsWith('.json')) expect(JSON.parse(text)).toEqual(JSON.parse(textFrom(text)));
    else expect(text).toBe(textFrom(text));
  });
});

describe('withScenarioTables', () => {
  const page =
    'a\n<!-- statements -->\nstale\n<!-- /statements -->\nb\n<!-- ways -->\n\n<!-- /ways -->\n<!-- expectations -->\n\n<!-- /expectations -->\n<!-- problems -->\n\n<!-- /problems -->\nc\n';

  it('replaces what stands between the marks, and nothing else', () => {
    const made = withScenarioTables(page);
    expect(made).not.toContain('stale');
    expect(made).toContain('`close [FILE]`\n\nCloses the device; mappings stay.\n\n```mmapsim\nopen rw\nclose\n```');
    expect(made.startsWith('a\n<!-- statements -->\n### The run')).toBe(true);
    expect(withScenarioTables(made)).toBe(made);
  });

  it('refuses a page without its marks', () => {
    expect(() => withScenarioTables('a')).toThrow('no place for statements');
  });
});
